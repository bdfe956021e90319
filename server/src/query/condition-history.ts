import type { Choice } from '@stagewatch/shared/contract/choice.ts'
import { bucketMs } from '../engine/bucket-series.ts'
import type { BucketSeries } from '../engine/bucket-series.ts'
import type { LiveEngine } from '../engine/live-engine.ts'
import { OpenSamples } from '../engine/open-samples.ts'
import type { OpenVisit } from '../engine/open-visits.ts'
import type { StageAggregates } from '../engine/stage-aggregates.ts'
import { visitConditions } from '../engine/status-edge.ts'
import type { VisitCondition } from '../engine/status-edge.ts'
import type { VisitRow } from '../engine/visit-columns.ts'
import type { VisitFilter } from '../engine/visit-filter.ts'
import { spansInCondition } from '../engine/visit-spans.ts'
import { visitFilter } from './visit-choice.ts'

/** Rows between two yields to the event loop. */
const rowsPerStep = 256

/** For each of some ascending instants: the number of orders in the condition at the last quarter hour before. */
export type ConditionHistory = Readonly<Record<VisitCondition, readonly number[]>>

/** History of whole stages. */
export function historyOfStages(stages: readonly StageAggregates[], instants: readonly number[]): ConditionHistory {
  const countAt = (bucketsOf: (stage: StageAggregates) => BucketSeries): number[] =>
    instants.map((at) => stages.reduce((sum, stage) => sum + bucketsOf(stage).valueAt(markBefore(at)), 0))
  return {
    overdue: countAt((stage) => stage.overdueBuckets),
    atRisk: countAt((stage) => stage.atRiskBuckets),
    stalled: countAt((stage) => stage.stalledBuckets),
  }
}

/**
 * History of some departments, customers, classes or products, from every visit that was ever in a condition.
 * @param openVisits open visits of the selected orders that are, or were, in any condition.
 */
export function* historyOfVisits(
  engine: LiveEngine,
  query: Choice,
  openVisits: readonly OpenVisit[],
  instants: readonly number[],
): Generator<void, ConditionHistory> {
  const marks = instants.map(markBefore)
  const samples = new OpenSamples<VisitCondition>(marks)
  const [first = 0] = marks
  const filter = { ...visitFilter(engine, query), fromMs: first, toMs: Infinity }
  for (const condition of visitConditions) {
    for (const store of engine.ended.stores()) {
      let read = 0
      for (const row of rowsEverIn(store, condition, filter)) {
        for (const { from, to } of spansInCondition(row, condition)) samples.add(condition, from, to)
        read += 1
        if (read % rowsPerStep === 0) yield
      }
    }
    yield
  }
  for (const { status, spans } of openVisits) {
    if (status.overdue && status.dueAt !== undefined) samples.add('overdue', status.dueAt)
    if (spans.atRisk !== undefined) samples.add('atRisk', spans.atRisk.from, spans.atRisk.to)
    for (const { from, to } of spans.stalled) samples.add('stalled', from, to)
  }
  return {
    overdue: samples.counts('overdue'),
    atRisk: samples.counts('atRisk'),
    stalled: samples.counts('stalled'),
  }
}

function markBefore(at: number): number {
  return Math.floor(at / bucketMs) * bucketMs
}

/** The visits of a store that match the filter and were ever in the condition. */
export function* rowsEverIn(
  store: ReturnType<LiveEngine['ended']['stores']>[number],
  condition: VisitCondition,
  filter: VisitFilter,
): Generator<VisitRow> {
  const { stages, departments, customers, customerClasses, products } = filter
  for (const row of store.everIn(condition, filter)) {
    if (stages?.has(row.stage) === false || departments?.has(row.department) === false) continue
    if (customers?.has(row.customer) === false || products?.has(row.product) === false) continue
    if (customerClasses?.has(row.customerClass) === false) continue
    yield row
  }
}
