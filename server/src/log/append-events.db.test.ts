import type { Database, Queryable } from '@stagewatch/db/database.ts'
import { openTestDatabase } from '@stagewatch/db/test-database.ts'
import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from 'vitest'
import { appendEvents, logChannel, removeAdded } from './append-events.ts'
import type { Appended, HashedEvent } from './append-events.ts'
import { copyEvents, eventRows } from './copy-events.ts'

let database: Database
let site: string
let sites = 0

beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())
beforeEach(() => {
  sites += 1
  site = `site-${sites}`
})

const placed: OrderEvent = {
  source: 'erp',
  id: 'e-1',
  type: 'stage.entered',
  order: 'SO-1',
  stage: 'packing',
  occurredAt: 1_000,
  data: {},
}

function hashed(more: Partial<OrderEvent> = {}, { contentHash = 'a', imported = false } = {}): HashedEvent {
  return { event: { ...placed, ...more }, contentHash, imported }
}

const append = (...events: readonly HashedEvent[]) =>
  database.transaction((tx) => appendEvents(tx, site, 'here', events))

async function outcomesOf(...events: readonly HashedEvent[]) {
  return (await append(...events)).outcomes
}

const storedIds = async () => {
  const rows = await database.query<{ id: string }>('select id from events where site = $1 order by position', [site])
  return rows.map(({ id }) => id)
}

const lastStored = async () => {
  const [last] = await database.query<{ position: string; tx: string }>(
    'select position::text, tx::text from events where site = $1 order by events.position desc limit 1',
    [site],
  )
  return last
}

/** The notifications that others receive because of some work. */
async function heardDuring(work: () => Promise<void>): Promise<string[]> {
  const heard: string[] = []
  const unlisten = await database.listen(logChannel, (payload) => heard.push(payload))
  const untilHeard = async (payload: string) => {
    await database.query('select pg_notify($1, $2)::text', [logChannel, payload])
    await expect.poll(() => heard).toContain(payload)
  }
  await untilHeard('begin')
  heard.splice(0)
  await work()
  await untilHeard('end')
  await unlisten()
  return heard.slice(0, heard.indexOf('end'))
}

describe('an event that is appended', () => {
  it('is accepted once, and a duplicate when it comes again, in the same call or later', async () => {
    expect(await outcomesOf(hashed(), hashed(), hashed({ id: 'e-2' }))).toEqual(['accepted', 'duplicate', 'accepted'])
    expect(await outcomesOf(hashed(), hashed({ id: 'e-3' }))).toEqual(['duplicate', 'accepted'])
    expect(await storedIds()).toEqual(['e-1', 'e-2', 'e-3'])
  })

  it('is another one when it has another source', async () => {
    expect(await outcomesOf(hashed(), hashed({ source: 'wms' }))).toEqual(['accepted', 'accepted'])
  })

  it('is a conflict with other content under the same identity, and changes nothing', async () => {
    expect(await outcomesOf(hashed(), hashed({}, { contentHash: 'b' }))).toEqual(['accepted', 'conflict'])
    expect(await outcomesOf(hashed({ order: 'SO-2' }, { contentHash: 'c' }))).toEqual(['conflict'])
    const rows = await database.query('select order_id as "order" from events where site = $1', [site])
    expect(rows).toEqual([{ order: 'SO-1' }])
  })

  it('is restated when an import has the same occurrence with other facts', async () => {
    await append(hashed())
    const again = hashed({ data: { customer: 'Acme' } }, { contentHash: 'b', imported: true })
    expect(await outcomesOf(again)).toEqual(['restated'])
    expect(await outcomesOf({ ...again, imported: false })).toEqual(['conflict'])
  })

  it.each<[string, Partial<OrderEvent>]>([
    ['type', { type: 'stage.completed' }],
    ['order', { order: 'SO-2' }],
    ['instant', { occurredAt: 1_001 }],
    ['stage', { stage: 'shipping' }],
  ])('is a conflict when an import has it with another %s', async (_, more) => {
    await append(hashed())
    expect(await outcomesOf(hashed(more, { contentHash: 'b', imported: true }))).toEqual(['conflict'])
  })
})

it('events are stored in the same order whatever their order in a call', async () => {
  const ids = ['e-2', 'e-3', 'e-1']
  await append(...ids.map((id) => hashed({ id })))
  const before = await storedIds()
  site = `${site}-again`
  await append(...ids.toReversed().map((id) => hashed({ id })))
  expect(await storedIds()).toEqual(before)
})

it('events that are all new are not read back', async () => {
  const statements: string[] = []
  await database.transaction((tx) => {
    const counting: Queryable = {
      query: (text, parameters) => {
        statements.push(text.includes('insert into') ? 'insert' : text.includes('notify') ? 'notify' : 'read')
        return tx.query(text, parameters)
      },
      values: (text, parameters) => tx.values(text, parameters),
    }
    const events = Array.from({ length: 1_001 }, (_, i) => hashed({ id: `e-${i}` }))
    return appendEvents(counting, site, 'here', events)
  })
  expect(statements).toEqual(['insert', 'insert', 'notify'])
})

describe('the position of what was appended', () => {
  it('is that of the last new event, with the transaction that wrote it', async () => {
    const { position, tx } = await append(hashed(), hashed({ id: 'e-0' }))
    expect({ position, tx }).toEqual(await lastStored())
  })

  it('is none when nothing was new, of which nobody is notified', async () => {
    await append(hashed())
    const heard = await heardDuring(async () => {
      expect(await append(hashed())).toMatchObject({ position: undefined, outcomes: ['duplicate'] })
      await append(hashed({ id: 'e-2' }))
    })
    expect(heard).toEqual([''])
  })

  it('is that of the last row when rows are copied, of which others are notified', async () => {
    const rows = await eventRows(site, 'here', [hashed(), hashed({ id: 'e-0' })])
    const copied: Pick<Appended, 'position' | 'tx'>[] = []
    const copy = async () => void copied.push(await database.transaction((tx) => copyEvents(tx, rows)))
    expect(await heardDuring(copy)).toEqual([''])
    expect(await storedIds()).toEqual(['e-1', 'e-0'])
    expect(copied).toEqual([await lastStored()])
  })
})

test('only what the same transaction has appended can be removed', async () => {
  await append(hashed())
  await database.transaction(async (tx) => {
    await appendEvents(tx, site, 'here', [hashed({ id: 'e-2' }), hashed({ id: 'e-3' })])
    await removeAdded(tx, site, [placed, { ...placed, id: 'e-2' }])
  })
  expect(await storedIds()).toEqual(['e-1', 'e-3'])
})
