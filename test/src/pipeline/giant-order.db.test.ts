import type { Database } from '@stagewatch/db/database.ts'
import { openTestDatabase } from '@stagewatch/db/test-database.ts'
import { LiveEngine } from '@stagewatch/server/engine/live-engine.ts'
import { VirtualClock } from '@stagewatch/server/platform/clock/virtual-clock.ts'
import { foldAgain } from '@stagewatch/server/projection/fold-orders.ts'
import { loadEvents } from '@stagewatch/server/log/load-events.ts'
import { loadOrders } from '@stagewatch/server/projection/load-orders.ts'
import type { EventData, EventType, OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openSite, submitEvents } from '../harness/open-site.ts'

const beginAt = Date.parse('2026-11-02T08:00:00+08:00')
const minuteMs = 60_000
/** More than are read or written at once, so that each of those loops goes round. */
const eventCount = 6_000
const stages = ['pick', 'pack', 'check'] as const

let database: Database
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

function entered(i: number, change: Partial<OrderEvent> = {}): OrderEvent {
  return {
    source: 'test',
    id: `e${i}`,
    type: 'stage.entered',
    order: 'SO-GIANT',
    stage: stages[i % stages.length]!,
    occurredAt: beginAt + i * minuteMs,
    data: {},
    ...change,
  }
}

/** An event of the order that names no stage. */
function ofOrder(type: EventType, i: number, data: EventData): OrderEvent {
  const { stage: _, ...event } = entered(i)
  return { ...event, id: `${type}-${i}`, type, data }
}

it('an order with thousands of events is the same after late, voided and renaming events as folded from scratch', async () => {
  const clock = new VirtualClock(beginAt + eventCount * minuteMs)
  const live = await openSite({ database, clock, site: 'giant' })
  await submitEvents(
    live,
    Array.from({ length: eventCount }, (_, i) => entered(i)),
  )
  const late = entered(eventCount / 2, {
    id: 'late',
    stage: 'repair',
    occurredAt: beginAt + (eventCount / 2 + 0.5) * minuteMs,
  })
  await submitEvents(live, [late])
  await submitEvents(live, [ofOrder('event.voided', 0, { source: 'test', id: 'e100' })])
  await submitEvents(live, [ofOrder('order.changed', eventCount + 1, { customer: 'Aster' })])

  const log = (await loadEvents(database, 'giant', ['SO-GIANT'])).get('SO-GIANT') ?? []
  expect(log).toHaveLength(eventCount + 3)
  const folded = foldAgain('SO-GIANT', log, 0, live.catalog)
  const [stored] = await loadOrders(database, 'giant', ['SO-GIANT'])
  expect(stored?.state?.visits).toEqual(folded.state?.visits)
  expect(stored?.state?.visits.filter(({ attributes }) => attributes !== undefined)).toHaveLength(
    folded.state!.visits.length - 1,
  )

  const scratch = new LiveEngine('Asia/Shanghai')
  for (const history of live.catalog.histories()) scratch.setProcess(history, clock.now())
  scratch.apply('SO-GIANT', folded.process, folded.state, folded.eventCount, clock.now())
  expect(live.engine.ended.finished.size).toBe(scratch.ended.finished.size)
  for (const { definition, visitCount } of live.engine.stages())
    expect([definition.code, visitCount]).toEqual([
      definition.code,
      scratch.stages().find((stage) => stage.definition.code === definition.code)?.visitCount,
    ])
  const [corrections] = await database.query<{ added: number }>(
    `select jsonb_array_length(added) as added from corrections where site = 'giant' order by id limit 1`,
  )
  expect(corrections?.added).toBeLessThanOrEqual(3)
  await live.close()
})

it('a late event of an order corrects the same whether its fold is remembered or has to be made', async () => {
  const clock = new VirtualClock(beginAt + 20 * minuteMs)
  const events = Array.from({ length: 10 }, (_, i) => entered(i))
  const last = entered(12, { id: 'withdrawn', stage: 'check' })
  const withdrawal = { ...ofOrder('event.voided', 0, { source: 'test', id: 'withdrawn' }), id: 'withdrawal' }
  // The second comes after all that count, though not after what was taken back.
  const late = [entered(4, { id: 'late', stage: 'repair', occurredAt: beginAt + 4.5 * minuteMs }), entered(11)]
  const corrections: unknown[] = []
  for (const site of ['remembered', 'forgotten']) {
    let live = await openSite({ database, clock, site })
    await submitEvents(live, events)
    await submitEvents(live, [last])
    await submitEvents(live, [withdrawal])
    for (const event of late) {
      if (site === 'forgotten') {
        await live.close()
        live = await openSite({ database, clock, site })
      }
      await submitEvents(live, [event])
    }
    await live.close()
    corrections.push(
      await database.query(`select events, removed, added from corrections where site = $1 order by id`, [site]),
    )
  }
  expect(corrections[0]).toHaveLength(2)
  expect(corrections[1]).toEqual(corrections[0])
})
