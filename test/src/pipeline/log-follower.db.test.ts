import type { Database } from '@stagewatch/db/database.ts'
import { openTestDatabase } from '@stagewatch/db/test-database.ts'
import { InDoubtTransactions, LogFollower, logHorizon } from '@stagewatch/server/log/log-follower.ts'
import { VirtualClock } from '@stagewatch/server/platform/clock/virtual-clock.ts'
import type { SitePipeline } from '@stagewatch/server/sites/site-pipeline.ts'
import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { eventually } from '../harness/eventually.ts'
import { openSite, submitEvents } from '../harness/open-site.ts'

const now = Date.UTC(2026, 10, 22)
const clock = new VirtualClock(now)
let database: Database
let own: SitePipeline
let east: SitePipeline
let west: SitePipeline
/** The orders of each call, as `site order order`. */
let changed: string[]
let positions: bigint[]

beforeAll(async () => {
  database = await openTestDatabase()
  own = await openSite({ database, clock, site: 'own', origin: 'this' })
  east = await openSite({ database, clock, site: 'east', origin: 'another' })
  west = await openSite({ database, clock, site: 'west', origin: 'a third' })
})
beforeEach(() => {
  changed = []
  positions = []
})
afterAll(async () => {
  for (const site of [own, east, west]) await site.close()
  await database.close()
})

let ids = 0
async function send(site: SitePipeline, ...orders: string[]): Promise<void> {
  const events = orders.map((order): OrderEvent => {
    const id = `e${ids++}`
    return { source: 'test', id, type: 'stage.entered', order, stage: 'pick', occurredAt: now, data: {} }
  })
  await submitEvents(site, events)
}

/** Waits until the newest event can be read: transactions of other test files on the same PostgreSQL may hold it back. */
async function readable(): Promise<Awaited<ReturnType<typeof logHorizon>>> {
  const { position: last } = await newest()
  return eventually(async () => {
    const horizon = await logHorizon(database)
    expect(BigInt(horizon.position)).toBe(last)
    return horizon
  })
}

/** From the newest event on. */
async function follow(doubtful = new InDoubtTransactions()): Promise<LogFollower> {
  const from = await readable()
  return new LogFollower({
    database,
    clock,
    origin: 'this',
    from,
    doubtful,
    changed: async (site, orders, position) => {
      changed.push([site, ...orders].join(' '))
      positions.push(position)
    },
  })
}

async function newest(): Promise<{ readonly tx: string; readonly position: bigint }> {
  const [row] = await database.query<{ tx: string; position: string }>(
    'select tx::text, position::text from events order by events.tx desc, events.position desc limit 1',
  )
  return { tx: row!.tx, position: BigInt(row!.position) }
}

describe('a server that follows the log', () => {
  it('is told once which orders the other servers have changed, by site, and none of its own', async () => {
    await send(east, 'before')
    const follower = await follow()
    await send(east, 'A', 'B')
    await send(own, 'C')
    await send(west, 'D')
    await send(east, 'A')
    const { position } = await newest()
    await readable()
    await follower.catchUp()
    expect(changed.toSorted()).toEqual(['east B A', 'west D'])
    expect(positions).toContain(position)
    expect(follower.heldMs).toBe(0)
    await follower.catchUp()
    expect(changed).toHaveLength(2)
    await send(west, 'E')
    await readable()
    await follower.catchUp()
    expect(changed.slice(2)).toEqual(['west E'])
  })

  it('reads its own events of a commit that was never acknowledged, and forgets it once it is read', async () => {
    await send(east, 'before')
    const doubtful = new InDoubtTransactions()
    const follower = await follow(doubtful)
    await send(own, 'F')
    const { tx } = await newest()
    doubtful.add(tx)
    await send(own, 'G')
    expect(doubtful.list()).toEqual([tx])
    await eventually(async () => {
      await follower.catchUp()
      expect(changed).toEqual(['own F'])
      expect(doubtful.list()).toEqual([])
    })
  })
})
