import { openTestDatabase } from '@stagewatch/db/test-database.ts'
import type { SitePipeline } from '@stagewatch/server/sites/site-pipeline.ts'
import type { MeasureCondition } from '@stagewatch/shared/domain/alerts/alert-rule.ts'
import type { ProcessMeasure } from '@stagewatch/shared/domain/alerts/measures.ts'
import type { Kpis } from '@stagewatch/shared/contract/board.ts'
import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { submitEvents } from '../harness/open-site.ts'
import { AlertWorld, beginAt, entered, event, hourMs, minuteMs, setTarget, stageName } from './alert-world.ts'

const dayMinutes = 24 * 60

let world: AlertWorld
let site: SitePipeline

beforeAll(async () => (world = new AlertWorld(await openTestDatabase())))
beforeEach(async () => {
  world.begin()
  site = (await world.startInstance('a')).site
})
afterEach(() => world.end())
afterAll(() => world.database.close())

type Threshold = Omit<MeasureCondition, 'kind' | 'measure' | 'forMs'>

const ruleOf = (measure: ProcessMeasure, threshold: Threshold) =>
  world.createRule({
    condition: { kind: 'measure', measure, forMs: 0, ...threshold },
    scope: { processes: ['default'] },
  })

/** The key figures that a screen shows now. */
function shown(): Kpis {
  const board = site.boards.find('overview')
  if (board === undefined) throw new Error('the site has no board')
  return board.snapshot().kpis
}

/** Start, end and knowledge of the alerts, in minutes. */
async function alerts() {
  const unknown = await world.database.query<{ unknown: boolean }>(
    'select is_unknown as unknown from alerts order by began_at',
  )
  return (await world.alertRows()).map(({ minute, ended }, i) => [minute, ended, unknown[i]?.unknown])
}

/** An order that was placed and completed at these minutes, with or without keeping its promise. */
function completed(order: string, placed: number, minute: number, promised?: number): OrderEvent[] {
  const data = promised === undefined ? {} : { promisedAt: beginAt + promised * minuteMs }
  return [
    event(order, 'order.placed', placed, { data }),
    entered(order, placed),
    event(order, 'order.completed', minute),
  ]
}

const several = (count: number, make: (i: number) => OrderEvent[]) =>
  Array.from({ length: count }, (_, i) => make(i)).flat()

describe('a rule about the on-time rate', () => {
  it('warns of the rate of the board, knows nothing of too few orders, and ends once enough are on time', async () => {
    await ruleOf('onTimeRatio', { below: 0.8, clearAt: 0.9 })
    await submitEvents(
      site,
      several(4, (i) => completed(`L-${i}`, 0, 5, 1)),
    )
    await world.letPass(5)
    // All four are late, but so few orders mean nothing, and the board shows no rate either.
    expect([await alerts(), shown().onTime]).toEqual([[], { signed: 4, onTime: 0 }])
    await submitEvents(site, completed('L-4', 0, 10, 1))
    await world.letPass(5)
    expect([await alerts(), shown().onTime]).toEqual([[[10, null, false]], { signed: 5, onTime: 0 }])
    await submitEvents(
      site,
      several(35, (i) => completed(`P-${i}`, 0, 15, 60)),
    )
    await world.letPass(5)
    // 35 of 40 are between the threshold and the value that ends it.
    expect([await alerts(), shown().onTime]).toEqual([[[10, null, false]], { signed: 40, onTime: 35 }])
    // On the next day, nothing has been completed yet.
    await world.letPass(dayMinutes)
    expect([await alerts(), shown().onTime]).toEqual([[[10, null, true]], { signed: 0, onTime: 0 }])
    const minute = dayMinutes + 15
    await submitEvents(
      site,
      several(5, (i) => completed(`N-${i}`, 0, minute, 2 * dayMinutes)),
    )
    await world.letPass(5)
    expect((await alerts()).map(([began, ended]) => [began, ended])).toEqual([[10, dayMinutes + 20]])
  })
})

describe('a rule about the lead time', () => {
  it('warns of the median of the board, and knows nothing before an order was completed', async () => {
    await ruleOf('leadTimeMs', { above: 10 * hourMs, clearAt: 8 * hourMs })
    await world.letPass(5)
    expect([await alerts(), shown().leadTime]).toEqual([[], { count: 0 }])
    await submitEvents(
      site,
      several(3, (i) => completed(`S-${i}`, -12 * 60, 5)),
    )
    await world.letPass(5)
    expect([await alerts(), shown().leadTime]).toEqual([
      [[10, null, false]],
      { count: 3, medianMs: 12 * hourMs + 5 * minuteMs },
    ])
    await submitEvents(
      site,
      several(4, (i) => completed(`Q-${i}`, 0, 10)),
    )
    await world.letPass(5)
    expect([await alerts(), shown().leadTime]).toEqual([[[10, 15, false]], { count: 7, medianMs: 10 * minuteMs }])
  })

  it('is unknown, not over, once the last completed order is too long ago', async () => {
    await ruleOf('leadTimeMs', { above: 10 * hourMs, clearAt: 8 * hourMs })
    await submitEvents(site, completed('S-1', -12 * 60, 0))
    await world.letPass(5)
    world.clock.advanceTo(beginAt + 8 * dayMinutes * minuteMs)
    await world.letPass(5)
    expect([await alerts(), shown().leadTime]).toEqual([[[5, null, true]], { count: 0 }])
  })
})

describe('a rule about throughput', () => {
  it('warns of too few completed orders in the days of the board, once there were orders before them', async () => {
    await ruleOf('completedCount', { below: 3, clearAt: 4 })
    await submitEvents(site, completed('A-1', 0, 5))
    await world.letPass(5)
    expect([await alerts(), shown().leadTime.count]).toEqual([[], 1])
    // A late event says that the process is older, so that one order in a week is few.
    await submitEvents(site, [event('A-0', 'order.placed', -10 * dayMinutes)])
    await world.letPass(5)
    expect([await alerts(), shown().leadTime.count]).toEqual([[[10, null, false]], 1])
    await submitEvents(
      site,
      several(2, (i) => completed(`B-${i}`, 0, 10)),
    )
    await world.letPass(5)
    expect([await alerts(), shown().leadTime.count]).toEqual([[[10, null, false]], 3])
    await submitEvents(site, completed('C-1', 0, 15))
    await world.letPass(5)
    expect([await alerts(), shown().leadTime.count]).toEqual([[[10, 20, false]], 4])
  })
})

describe('a rule about open orders', () => {
  it('warns on the side that it names, of the number of the board', async () => {
    await ruleOf('openCount', { above: 2, clearAt: 1 })
    await submitEvents(site, [entered('O-1', 0), entered('O-2', 0), event('O-3', 'order.placed', 0)])
    await world.letPass(5)
    expect([await alerts(), shown().open.count]).toEqual([[[5, null, false]], 3])
    await submitEvents(site, [event('O-3', 'order.cancelled', 5)])
    await world.letPass(5)
    expect([await alerts(), shown().open.count]).toEqual([[[5, null, false]], 2])
    await ruleOf('openCount', { below: 2, clearAt: 2 })
    await submitEvents(site, [event('O-2', 'order.completed', 10)])
    await world.letPass(5)
    expect([await alerts(), shown().open.count]).toEqual([
      [
        [5, 15, false],
        [15, null, false],
      ],
      1,
    ])
  })
})

describe('a rule about overdue orders', () => {
  it('warns of their share and number on the board, is unknown without limits, and ends when nothing is open', async () => {
    await setTarget(site, hourMs)
    await ruleOf('overdueRatio', { above: 0.3, clearAt: 0.1 })
    await ruleOf('overdueCount', { above: 0, clearAt: 0 })
    await submitEvents(site, [entered('D-1', 0), entered('D-2', 30)])
    await world.letPass(60)
    const { overdue, open } = shown()
    expect([overdue.count / open.count, overdue.count]).toEqual([0.5, 1])
    expect(await alerts()).toEqual([
      [60, null, false],
      [60, null, false],
    ])
    const stage = { code: 'picking', name: stageName, warnAtRatio: 0.8, toleranceRatio: 0.1 }
    await site.saveProcess({ code: 'default', name: stageName, stages: [stage], acceptsNewStages: true, goals: {} })
    await world.letPass(5)
    expect(shown().overdue).toMatchObject({ count: 0, judged: 0 })
    expect(await alerts()).toEqual([
      [60, null, true],
      [60, null, true],
    ])
    await submitEvents(site, [event('D-1', 'order.completed', 65), event('D-2', 'order.completed', 65)])
    await world.letPass(5)
    expect((await alerts()).map(([began, ended]) => [began, ended])).toEqual([
      [60, 70],
      [60, 70],
    ])
  })
})
