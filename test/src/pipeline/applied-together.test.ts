import { shipping, boardOf, repair } from '@stagewatch/server/boards/testing/board-of.ts'
import { LiveEngine } from '@stagewatch/server/engine/live-engine.ts'
import type { AppliedOrder } from '@stagewatch/server/engine/engine-order.ts'
import { arbitraryHistory, historySpanMs } from '@stagewatch/server/engine/testing/arbitrary-history.ts'
import { foldAgain } from '@stagewatch/server/projection/fold-orders.ts'
import { historyOfStages } from '@stagewatch/server/query/condition-history.ts'
import { stageStatistics } from '@stagewatch/server/query/stage-stats.ts'
import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import { eventLog } from '@stagewatch/shared/domain/testing/event-log.ts'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'

const beginAt = Date.parse('2026-11-20T09:13:00+08:00')
const hourMs = 3_600_000
const now = beginAt + historySpanMs
const processes = { default: shipping, repair }
const rules = {
  defaultProcess: 'default',
  rulesOf: (code: string) => ({ isTerminal: (stage: string) => code === 'default' && stage === 'shipped' }),
}

/** The state of the orders after each batch. */
function statesOf(arrivals: readonly { readonly events: readonly OrderEvent[] }[]): AppliedOrder[] {
  const log = new Map<string, OrderEvent[]>()
  return arrivals.flatMap(({ events }) => {
    for (const event of events) {
      const known = log.get(event.order) ?? []
      if (known.every(({ id }) => id !== event.id)) log.set(event.order, [...known, event])
    }
    return [...new Set(events.map(({ order }) => order))].map((order) => foldAgain(order, log.get(order) ?? [], rules))
  })
}

function newEngine(): LiveEngine {
  const engine = new LiveEngine('Asia/Shanghai')
  for (const definition of Object.values(processes)) engine.setProcess([{ definition }], now)
  return engine
}

async function everythingOf(engine: LiveEngine) {
  const marks = Array.from({ length: historySpanMs / hourMs }, (_, i) => (Math.ceil(beginAt / hourMs) + i) * hourMs)
  const { hours, finished } = engine.ended
  const cells = hours
    .counts()
    .toSorted(([a], [b]) => a - b)
    .map(([hour]) =>
      engine.stages().map(({ index }) => {
        const { histogram, breaches, rework } = hours.cell(index, hour) ?? {}
        return { durations: histogram?.durations, sumMs: histogram?.sumMs, breaches, rework }
      }),
    )
  return {
    boards: Object.keys(processes).map((process) => boardOf(engine, process, now)),
    statistics: await stageStatistics(engine, {}),
    stages: engine.stages().map((stage) => ({
      code: stage.definition.code,
      visits: stage.visitCount,
      past: historyOfStages([stage], marks),
      days: [stage.arrivals, stage.departures].map((counts) =>
        marks.map((mark) => counts.of(engine.days.startOf(mark))),
      ),
    })),
    cells,
    finished: finished.size,
    nextChangeAt: engine.nextChangeAt(),
  }
}

it('orders that are applied together give the same counts as when applied one by one', async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryHistory(beginAt, ['default', 'repair']), async (arrivals) => {
      const states = statesOf(arrivals)
      const [together, single] = [newEngine(), newEngine()]
      together.applyAll(states, now)
      for (const { order, process, state, eventCount } of states) single.apply(order, process, state, eventCount, now)
      expect(await everythingOf(together)).toEqual(await everythingOf(single))
    }),
    { numRuns: Number(process.env['FAST_CHECK_RUNS'] ?? 60) },
  )
})

it('what was added before an order could not be applied is counted', () => {
  const engine = newEngine()
  const events = eventLog(
    ['stage.entered', beginAt, { stage: 'picking' }],
    ['stage.entered', beginAt + 1000, { stage: 'packing' }],
  )
  const good = foldAgain('SO-1', events, rules)
  const broken = { order: 'SO-2', process: 'default', eventCount: 1, state: {} as NonNullable<AppliedOrder['state']> }
  expect(() => engine.applyAll([good, broken], now)).toThrow(TypeError)
  expect(engine.ended.hours.counts()).toEqual([[Math.floor((beginAt + 1000) / hourMs), 1]])
})
