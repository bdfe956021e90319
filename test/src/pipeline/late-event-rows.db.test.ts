import type { Database } from '@stagewatch/db/database.ts'
import { openTestDatabase } from '@stagewatch/db/test-database.ts'
import { VirtualClock } from '@stagewatch/server/platform/clock/virtual-clock.ts'
import type { EventType, OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openSite, submitEvents } from '../harness/open-site.ts'

const beginAt = Date.parse('2026-11-20T09:00:00+08:00')
const minute = 60_000

let database: Database
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

function event(type: EventType, stage: string, minutes: number): OrderEvent {
  const id = `${type} ${minutes}`
  return { source: 'wms', id, type, order: 'SO-1', stage, occurredAt: beginAt + minutes * minute, data: {} }
}

const way = ['picking', 'packing', 'labelling'].map((stage, i) => event('stage.entered', stage, 10 * i))
/** Arrives when the order has left the stage. */
const late = event('stage.started', 'packing', 15)

interface Row {
  readonly stage: string
  readonly started: string | null
  /** The transaction that wrote the row. */
  readonly version: string
}

function rows(site: string): Promise<Row[]> {
  return database.query<Row>(
    `select stage, to_char(started_at at time zone 'Asia/Shanghai', 'HH24:MI') as started, xmin::text as version
     from visits where site = $1 order by visit_index`,
    [site],
  )
}

const told = ({ stage, started }: Row) => `${stage} ${started}`
const expected = ['picking null', 'packing 09:15', 'labelling null']

describe('a late event', () => {
  it.each(['in the memory of the server', 'after the server was started again'])(
    'writes only the visit that it changes, %s',
    async (when) => {
      const site = `rows ${when}`
      const clock = new VirtualClock(beginAt + 60 * minute)
      const first = await openSite({ database, clock, site })
      await submitEvents(first, way)
      const before = await rows(site)
      const isRestarted = when.startsWith('after')
      if (isRestarted) await first.close()
      const pipeline = isRestarted ? await openSite({ database, clock, site }) : first
      await submitEvents(pipeline, [late])
      const after = await rows(site)
      expect(after.map(told)).toEqual(expected)
      expect(after.map(({ version }, i) => version === before[i]?.version)).toEqual([true, false, true])
      await pipeline.close()
    },
  )

  it('writes all visits of an order whose row knows fewer events than the log', async () => {
    const site = 'behind'
    const clock = new VirtualClock(beginAt + 60 * minute)
    const first = await openSite({ database, clock, site })
    await submitEvents(first, way)
    await first.close()
    await database.query('update orders set event_count = 2 where site = $1', [site])
    await database.query('delete from visits where site = $1 and visit_index = 2', [site])
    const pipeline = await openSite({ database, clock, site })
    await submitEvents(pipeline, [late])
    expect((await rows(site)).map(told)).toEqual(expected)
    await pipeline.close()
  })

  it('is recorded with the visits that it changes; an event in order records nothing', async () => {
    const site = 'recorded'
    const clock = new VirtualClock(beginAt + 60 * minute)
    const first = await openSite({ database, clock, site })
    await submitEvents(first, way)
    await first.close()
    // A server that has just started folds every order from its log.
    const pipeline = await openSite({ database, clock, site })
    await submitEvents(pipeline, [event('stage.entered', 'shipping', 30)])
    expect(await corrections(site)).toEqual([])
    await submitEvents(pipeline, [late])
    expect(await corrections(site)).toEqual([])
    await submitEvents(pipeline, [event('stage.completed', 'packing', 16)])
    const packing = { stage: 'packing', nth: 1, enteredAt: beginAt + 10 * minute }
    expect(await corrections(site)).toEqual([
      {
        events: [{ source: 'wms', id: 'stage.completed 16', type: 'stage.completed' }],
        removed: [{ ...packing, leftAt: beginAt + 20 * minute }],
        added: [{ ...packing, leftAt: beginAt + 16 * minute }],
      },
    ])
    await pipeline.close()
  })
})

function corrections(site: string): Promise<unknown[]> {
  return database.query('select events, removed, added from corrections where site = $1 order by id', [site])
}
