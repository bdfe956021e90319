import type { AlertScope, MeasureCondition } from '@stagewatch/shared/domain/alerts/alert-rule.ts'
import type { StageMeasure } from '@stagewatch/shared/domain/alerts/measures.ts'
import type { Completion } from '../../engine/completions.ts'
import { EndedVisitReader } from '../../engine/ended-visit-reader.ts'
import type { EngineOrder } from '../../engine/engine-order.ts'
import type { LiveEngine } from '../../engine/live-engine.ts'
import type { ProcessAggregates } from '../../engine/process-aggregates.ts'
import type { StageAggregates } from '../../engine/stage-aggregates.ts'
import { sortInSteps } from '../../platform/sort-in-steps.ts'
import { isCompletionMeasure, openOrderValue, stageValue } from '../measure-formulas.ts'
import type { CompletionMeasure, OpenOrderMeasure } from '../measure-formulas.ts'
import { placeOfProcess, placeOfStage, processesIn, stagesIn } from '../measure-values.ts'
import type { LookTimes } from './look-times.ts'
import { CompletionHistory, completionsBeforeMs } from './past-completions.ts'
import { CountHistory, countsBeforeMs } from './past-counts.ts'
import { spansOf } from './past-spans.ts'
import type { MeasureHistory } from './raise-past-alerts.ts'

/** Visits between two yields to the event loop. */
const visitsPerStep = 128
const ordersPerStep = 1_024

/** A rule about a measure of stages or processes. */
export interface PastRule {
  readonly measure: Exclude<MeasureCondition['measure'], 'silenceRatio'>
  readonly scope: AlertScope
}

/** Everything that a history is read from. */
interface PastSource {
  readonly engine: LiveEngine
  readonly looks: LookTimes
  /** Epoch ms. */
  readonly now: number
}

/**
 * The histories of the places that a rule covers, from the orders in memory, in short steps. An order that changes in
 * the meantime is read once, in its state at that time.
 */
export function readPastOrders(rule: PastRule, source: PastSource): Generator<void, MeasureHistory[]> {
  const { measure, scope } = rule
  if (measure === 'breachRatio' || measure === 'wipCount' || measure === 'growthPerHour')
    return readStages(measure, scope, source)
  return isCompletionMeasure(measure) ? readCompletions(measure, scope, source) : readOpenOrders(measure, scope, source)
}

function* readStages(measure: StageMeasure, scope: AlertScope, source: PastSource): Generator<void, CountHistory[]> {
  const { engine, looks, now } = source
  // From the start of the day, because `stageKnownFrom` knows the days before.
  const since = Math.min(engine.days.startOf(looks.since), looks.since - countsBeforeMs)
  const stages = stagesIn(source, scope)
  const histories = new Map(
    stages.map((stage) => [
      stage.index,
      new CountHistory(
        placeOfStage(stage),
        looks,
        (numbers) => stageValue(measure, numbers),
        measure === 'growthPerHour',
      ),
    ]),
  )
  const visits = { engine, reader: new EndedVisitReader(engine.ended, 'elapsed') }
  const arrivedFrom = yield* readOrders(engine, (order) => {
    if (isOver(order, since)) return
    for (const span of spansOf(visits, order, since, now)) histories.get(span.stage)?.addSpan(span)
  })
  // All visits of the hour before have to be in memory as well.
  const inMemoryFrom = engine.ended.startsAt + (measure === 'growthPerHour' ? countsBeforeMs : 0)
  for (const stage of stages) {
    const history = histories.get(stage.index)
    const knownFrom = stageKnownFrom(stage, history?.enteredFrom, engine, looks.since)
    history?.beginAt(Math.max(knownFrom, arrivedFrom.get(stage.process) ?? Infinity, inMemoryFrom))
  }
  return [...histories.values()]
}

/** When the process got the stage or an order first entered it, epoch ms. @param enteredFrom as far as read. */
function stageKnownFrom(
  { process, definition, arrivals }: StageAggregates,
  enteredFrom: number | undefined,
  { rules, days }: LiveEngine,
  since: number,
): number {
  if (arrivals.hasBefore(days.startOf(since))) return -Infinity
  const first = rules
    .history(process)
    ?.find((version) => version.definition.stages.some(({ code }) => code === definition.code))
  const namedFrom = first === undefined ? Infinity : (first.validFrom ?? -Infinity)
  return Math.min(namedFrom, enteredFrom ?? Infinity)
}

function* readOpenOrders(
  measure: OpenOrderMeasure,
  scope: AlertScope,
  source: PastSource,
): Generator<void, CountHistory[]> {
  const { engine, looks, now } = source
  const histories = new Map(
    processesIn(source, scope).map((process) => [
      process,
      new CountHistory(placeOfProcess(process), looks, (numbers) => openOrderValue(measure, numbers)),
    ]),
  )
  const visits = { engine, reader: new EndedVisitReader(engine.ended, 'elapsed') }
  const arrivedFrom = yield* readOrders(engine, (order) => {
    const history = histories.get(order.process)
    if (history === undefined || isOver(order, looks.since)) return
    history.addOrder(order.arrivedAt, order.head.endedAt ?? Infinity)
    if (measure === 'openCount') return
    for (const span of spansOf(visits, order, looks.since, now)) history.addSpan(span)
  })
  // A process is evaluated from its first order on, as far as all of its orders are in memory.
  for (const [{ definition }, history] of histories)
    history.beginAt(Math.max(arrivedFrom.get(definition.code) ?? Infinity, engine.ended.startsAt))
  return [...histories.values()]
}

function* readCompletions(
  measure: CompletionMeasure,
  scope: AlertScope,
  source: PastSource,
): Generator<void, CompletionHistory[]> {
  const { engine, looks } = source
  const since = looks.since - completionsBeforeMs
  const byProcess = new Map<ProcessAggregates, Completion[]>(processesIn(source, scope).map((process) => [process, []]))
  const arrivedFrom = yield* readOrders(engine, ({ process, completion }) => {
    if (completion !== undefined && completion.endedAt >= since) byProcess.get(process)?.push(completion)
  })
  const knownFrom = engine.ended.startsAt + completionsBeforeMs
  const histories: CompletionHistory[] = []
  for (const [process, found] of byProcess) {
    const completions = yield* sortInSteps(found, (a, b) => a.endedAt - b.endedAt)
    const leadTimesMs = yield* sortInSteps(
      found.map(({ leadMs }) => leadMs),
      (a, b) => a - b,
    )
    const past = { completions, leadTimesMs, arrivedFrom: arrivedFrom.get(process.definition.code) ?? Infinity }
    const place = placeOfProcess(process)
    histories.push(new CompletionHistory({ place, measure, knownFrom }, past, engine.days, looks))
    yield
  }
  return histories
}

/** @returns when the first order of each process arrived, epoch ms. */
function* readOrders(engine: LiveEngine, take: (order: EngineOrder) => void): Generator<void, Map<string, number>> {
  const arrivedFrom = new Map<string, number>()
  let [orders, visits] = [0, 0]
  for (const { rows } of engine.orders.chunks()) {
    for (const order of rows) {
      if (order === undefined) continue
      const { code } = order.process.definition
      arrivedFrom.set(code, Math.min(order.arrivedAt, arrivedFrom.get(code) ?? Infinity))
      take(order)
      orders += 1
      visits += order.ended.length
      if (visits < visitsPerStep && orders < ordersPerStep) continue
      ;[orders, visits] = [0, 0]
      yield
    }
  }
  return arrivedFrom
}

function isOver({ head }: EngineOrder, since: number): boolean {
  return head.endedAt !== undefined && head.endedAt < since
}
