import { foldOrder } from '@stagewatch/shared/domain/fold-order.ts'
import { eventLog } from '@stagewatch/shared/domain/testing/event-log.ts'
import type { HistoryEntry } from '@stagewatch/shared/domain/testing/event-log.ts'
import { expect, it } from 'vitest'
import { isLong } from './count-in-steps.ts'
import type { AppliedOrder } from './engine-order.ts'
import { LiveEngine } from './live-engine.ts'

const hour = 3_600_000
const visits = 2_600
const now = visits * hour
const stages = ['picking', 'packing', 'signing'] as const
const name = { zh: '拣货', en: 'Picking' }
const limits = { name, targetMs: hour / 2, warnAtRatio: 0.8, toleranceRatio: 0.1 }

function openEngine(): LiveEngine {
  const engine = new LiveEngine('UTC')
  const definition = {
    code: 'default',
    name,
    stages: stages.map((code) => ({ code, ...limits })),
    acceptsNewStages: true,
    goals: {},
  }
  engine.setProcess([{ definition }], 0)
  return engine
}

function applied(eventCount: number, ...history: HistoryEntry[]): AppliedOrder {
  const state = foldOrder('SO-1', eventLog(...history), { isTerminal: () => false })
  return { order: 'SO-1', process: 'default', state, eventCount }
}

function pictureOf(engine: LiveEngine) {
  const order = engine.order('SO-1')
  return {
    stages: (engine.process('default')?.stages ?? []).map((stage) => ({
      code: stage.definition.code,
      counts: stage.counts,
      visitCount: stage.visitCount,
      past: Array.from({ length: 26 }, (_, i) => [
        stage.overdueBuckets.valueAt((i * 100 + 0.75) * hour),
        stage.wipBuckets.valueAt((i * 100 + 0.75) * hour),
      ]),
    })),
    rows: order?.ended.map((place) => {
      const { stage, customer, enteredAt, leftAt, rework, breach } = engine.ended.finished.read(place)
      return {
        stage: engine.stage(stage).definition.code,
        customer: engine.ended.customers.textOf(customer),
        enteredAt,
        leftAt,
        rework,
        breach,
      }
    }),
    finished: engine.ended.finished.size,
    openCount: engine.process('default')?.openCount,
    isPartial: order?.isPartial,
    eventCount: engine.eventCount,
  }
}

const visitsOfOrder = Array.from({ length: visits }, (_, i): HistoryEntry => [
  'stage.entered',
  i * hour,
  { stage: stages[i % 3]! },
])
const late: HistoryEntry = ['stage.entered', 1.5 * hour, { stage: 'repair' }]
const named: HistoryEntry = ['order.placed', -hour, { data: { customer: 'Aster' } }]
const end: HistoryEntry = ['order.completed', now, {}]
const histories = {
  'comes for the first time': [undefined, applied(visits, ...visitsOfOrder)],
  'gets a late event': [applied(visits, ...visitsOfOrder), applied(visits + 1, ...visitsOfOrder, late)],
  'gets a customer for all its visits': [
    applied(visits, ...visitsOfOrder),
    applied(visits + 1, named, ...visitsOfOrder),
  ],
  'loses nearly all visits': [
    applied(visits, ...visitsOfOrder),
    applied(visits + 9, ...visitsOfOrder.slice(0, 50), ...visitsOfOrder.slice(-50)),
  ],
  'ends, and gets a late event': [
    applied(visits + 1, ...visitsOfOrder, end),
    applied(visits + 2, ...visitsOfOrder, late, end),
  ],
  'is open again': [applied(visits + 1, ...visitsOfOrder, end), applied(visits + 2, ...visitsOfOrder)],
} as const

it.each(Object.entries(histories))('a long order that %s is counted in steps as in one', (_, [before, after]) => {
  const scratch = openEngine()
  scratch.applyAll([after], now)
  const engine = openEngine()
  if (before !== undefined) engine.applyAll([before], now)
  engine.applyInSteps(after, now).toArray()
  expect(pictureOf(engine)).toEqual(pictureOf(scratch))
})

it('between the steps a long order has as many visits as are counted of it', () => {
  const engine = openEngine()
  engine.applyAll([applied(visits, ...visitsOfOrder)], now)
  let steps = 0
  for (const _ of engine.applyInSteps(applied(visits + 1, named, ...visitsOfOrder), now)) {
    steps += 1
    const order = engine.order('SO-1')
    expect(order?.ended).toHaveLength(visits - 1)
    expect(order?.state?.visits).toHaveLength(visits)
    expect(engine.ended.finished.size).toBe(visits - 1)
  }
  expect(steps).toBeGreaterThan(10)
})

it('changes of a long order between the steps are included in the result', () => {
  const newest = applied(visits + 2, named, ...visitsOfOrder, late)
  const scratch = openEngine()
  scratch.applyAll([newest], now)
  for (const eventAfter of [1, 8, 15]) {
    const engine = openEngine()
    engine.applyAll([applied(visits, ...visitsOfOrder)], now)
    let steps = 0
    for (const _ of engine.applyInSteps(applied(visits + 1, named, ...visitsOfOrder), now)) {
      steps += 1
      if (steps === eventAfter) engine.applyAll([newest], now)
    }
    expect(steps).toBe(eventAfter)
    expect(pictureOf(engine)).toEqual(pictureOf(scratch))
  }
})

it('a long order whose rules change between the steps is evaluated by the new ones', () => {
  const strict = (engine: LiveEngine) => {
    const definition = {
      code: 'default',
      name,
      stages: stages.map((code) => ({ code, ...limits, targetMs: hour / 4 })),
      acceptsNewStages: true,
      goals: {},
    }
    return engine.setProcess([{ definition }], now)
  }
  const scratch = openEngine()
  strict(scratch)
  scratch.applyAll([applied(visits + 1, named, ...visitsOfOrder)], now)
  const engine = openEngine()
  engine.applyAll([applied(visits, ...visitsOfOrder)], now)
  let steps = 0
  for (const _ of engine.applyInSteps(applied(visits + 1, named, ...visitsOfOrder), now)) {
    steps += 1
    if (steps === 5) strict(engine)
  }
  engine.reevaluateOpenOrders(now).toArray()
  expect(pictureOf(engine)).toEqual(pictureOf(scratch))
})

it('an order is long that has, or had, more than 2,000 visits', () => {
  const orderWith = (count: number): AppliedOrder =>
    applied(
      count,
      ...Array.from({ length: count }, (_, i): HistoryEntry => [
        'stage.entered',
        i * hour,
        { stage: i % 2 === 0 ? 'picking' : 'packing' },
      ]),
    )
  const [short, long] = [orderWith(2_000), orderWith(2_001)]
  expect([undefined, short.state, long.state].map((state) => isLong(undefined, state))).toEqual([false, false, true])
  // The last visit is open.
  const { state, eventCount } = orderWith(2_002)
  const engine = openEngine()
  engine.apply('SO-1', 'default', state, eventCount, now)
  const known = engine.order('SO-1')
  expect([isLong(known, undefined), isLong(known, short.state)]).toEqual([true, true])
})
