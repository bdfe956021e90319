import type { Choice } from '@stagewatch/shared/contract/choice.ts'
import { bucketMs } from '../engine/bucket-series.ts'
import type { LiveEngine } from '../engine/live-engine.ts'
import { OpenSamples } from '../engine/open-samples.ts'
import type { OpenVisit } from '../engine/open-visits.ts'
import type { StageAggregates } from '../engine/stage-aggregates.ts'
import type { VisitRow } from '../engine/visit-columns.ts'
import type { VisitFilter } from '../engine/visit-filter.ts'
import { visitFilter } from './visit-choice.ts'

/** Breaches between two turns of the event loop. */
const breachesPerStep = 256

/** Of some instants in ascending order: how many orders of whole stages were overdue at the quarter hour before each. */
export function overdueOfStages(stages: readonly StageAggregates[], instants: readonly number[]): number[] {
  return instants.map((at) => {
    const mark = Math.floor(at / bucketMs) * bucketMs
    return stages.reduce((sum, stage) => sum + stage.overdueBuckets.valueAt(mark), 0)
  })
}

/** The same of some departments, customers, classes or products, counted from every visit that passed its limit. */
export function* overdueOfVisits(
  engine: LiveEngine,
  query: Choice,
  overdueVisits: readonly OpenVisit[],
  instants: readonly number[],
): Generator<void, number[]> {
  const marks = instants.map((at) => Math.floor(at / bucketMs) * bucketMs)
  const samples = new OpenSamples<'overdue'>(marks)
  const [first = 0] = marks
  for (const store of engine.ended.stores()) {
    let read = 0
    for (const row of breachedRows(store, { ...visitFilter(engine, query), fromMs: first, toMs: Infinity })) {
      if (row.breach !== undefined) samples.add('overdue', row.breach.at, row.leftAt)
      read += 1
      if (read % breachesPerStep === 0) yield
    }
  }
  for (const { status } of overdueVisits) if (status.dueAt !== undefined) samples.add('overdue', status.dueAt)
  return samples.counts('overdue')
}

/** The visits of a store that passed their limit, as far as the filter lets them pass. */
export function* breachedRows(
  store: ReturnType<LiveEngine['ended']['stores']>[number],
  filter: VisitFilter,
): Generator<VisitRow> {
  const { stages, departments, customers, customerClasses, products } = filter
  for (const row of store.breached(filter)) {
    if (stages?.has(row.stage) === false || departments?.has(row.department) === false) continue
    if (customers?.has(row.customer) === false || products?.has(row.product) === false) continue
    if (customerClasses?.has(row.customerClass) === false) continue
    yield row
  }
}
