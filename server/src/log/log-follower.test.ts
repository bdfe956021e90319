import type { Queryable } from '@stagewatch/db/database.ts'
import { beforeEach, describe, expect, it } from 'vitest'
import { VirtualClock } from '../platform/clock/virtual-clock.ts'
import { belowOwnWriters } from './log-bound.ts'
import { InDoubtTransactions, LogFollower } from './log-follower.ts'

interface Row {
  readonly site: string
  readonly order: string
  readonly position: string
  readonly eventCount: number
}

/** A log with events of other servers, which an older transaction may hold back. */
class OtherServersLog implements Queryable {
  /** The ends of a page and of the log below the bound, and the orders of the page. */
  readonly pages: { readonly end: readonly [tx: string, position: string]; readonly rows: readonly Row[] }[] = []
  readonly last = ['9', '90'] as const
  heldBy: 'nobody' | 'another database' | 'this database' = 'nobody'
  /** The transactions in doubt at each read from a position on. */
  readonly reads: (readonly [position: unknown, doubtful: unknown])[] = []

  query<Answer>(text: string, [, position, , doubtful]: readonly unknown[] = []): Promise<Answer[]> {
    const isReadable = text.includes(belowOwnWriters) ? this.heldBy !== 'this database' : this.heldBy === 'nobody'
    if (text.includes('isHeld')) return Promise.resolve([{ isHeld: !isReadable && this.pages.length > 0 }] as Answer[])
    if (!isReadable) return Promise.resolve([])
    this.reads.push([position, doubtful])
    const { end, rows } = this.pages.shift() ?? { end: this.last, rows: [] }
    const [lastTx, lastPosition] = this.last
    const [endTx, endPosition] = end
    return Promise.resolve(rows.map((row) => ({ lastTx, lastPosition, endTx, endPosition, ...row })) as Answer[])
  }

  values(): Promise<never> {
    return Promise.reject(new Error('the log is read by raw statements'))
  }
}

let clock: VirtualClock
let log: OtherServersLog
let doubtful: InDoubtTransactions
let changed: string[]
let follower: LogFollower

beforeEach(() => {
  clock = new VirtualClock(Date.UTC(2026, 10, 29))
  log = new OtherServersLog()
  doubtful = new InDoubtTransactions()
  changed = []
  follower = new LogFollower({
    database: log,
    clock,
    origin: 'this',
    from: { tx: '1', position: '10' },
    doubtful,
    changed: async (site, orders, position) => {
      changed.push(`${site} ${orders.join(' ')} until ${position}`)
    },
  })
})

function changedOrder(order: string, position: number, { site = 'east', eventCount = 1 } = {}): Row {
  return { site, order, position: String(position), eventCount }
}

function pass(seconds: number): void {
  clock.advanceTo(clock.now() + 1_000 * seconds)
}

describe('events that an older transaction holds back', () => {
  beforeEach(() => log.pages.push({ end: log.last, rows: [changedOrder('SO-1', 90)] }))

  it('wait for it if it belongs to the same database, which a server says with how long they have waited', async () => {
    log.heldBy = 'this database'
    pass(60)
    await follower.catchUp()
    expect(follower.heldMs).toBe(0)
    pass(2)
    await follower.catchUp()
    pass(1)
    expect(follower.heldMs).toBe(3_000)
    expect(changed).toEqual([])
    log.heldBy = 'nobody'
    await follower.catchUp()
    pass(1)
    expect(changed).toEqual(['east SO-1 until 90'])
    expect(follower.heldMs).toBe(0)
  })

  it('do not wait for it if it belongs to another database', async () => {
    log.heldBy = 'this database'
    await follower.catchUp()
    log.heldBy = 'another database'
    await follower.catchUp()
    pass(1)
    expect(changed).toEqual(['east SO-1 until 90'])
    expect(follower.heldMs).toBe(0)
  })
})

it('more events than a page holds are read page by page, by site, up to the end of the log', async () => {
  doubtful.add('8')
  log.pages.push(
    {
      end: ['5', '50'],
      rows: [changedOrder('SO-1', 40, { eventCount: 12_000 }), changedOrder('SO-2', 50, { eventCount: 8_000 })],
    },
    {
      end: log.last,
      rows: [changedOrder('SO-3', 89), changedOrder('SO-1', 70, { site: 'west' }), changedOrder('SO-2', 90)],
    },
  )
  await follower.catchUp()
  await follower.catchUp()
  expect(changed).toEqual(['east SO-1 SO-2 until 50', 'east SO-3 SO-2 until 90', 'west SO-1 until 70'])
  expect(log.reads).toEqual([
    ['10', ['8']],
    ['50', ['8']],
    ['90', []],
  ])
})

it('a page with events of this server only changes nothing, and is not read again', async () => {
  log.pages.push({ end: ['1', '10'], rows: [changedOrder('', 0, { eventCount: 0 })] })
  await follower.catchUp()
  await follower.catchUp()
  expect(changed).toEqual([])
  expect(log.reads.map(([position]) => position)).toEqual(['10', '90'])
})

it('transactions in doubt are forgotten once the log has been read beyond them', () => {
  for (const tx of ['8', '9', '10', '11']) doubtful.add(tx)
  doubtful.forgetBefore('10')
  expect(doubtful.list()).toEqual(['10', '11'])
})
