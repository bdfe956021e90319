import type { StageDefinition } from '@stagewatch/shared/domain/process-definition.ts'
import type { StatusSpan, StatusSpans } from '@stagewatch/shared/domain/status-spans.ts'
import type { VisitStatus } from '@stagewatch/shared/domain/visit-status.ts'
import type { VisitSla } from '@stagewatch/shared/domain/visit-sla.ts'
import { DayCounts } from './day-counts.ts'
import { BucketSeries } from './bucket-series.ts'
import { OpenAges } from './open-ages.ts'

/** How many of a stage's open orders are in each state. States overlap, so the counts do not add up to `wip`. */
export interface StageCounts {
  wip: number
  overdue: number
  atRisk: number
  /** At risk and near the limit. */
  soon: number
  stalled: number
  held: number
  /** Overdue without an owner. */
  unclaimed: number
  /** Held against a limit. */
  limited: number
  /** That become stalled after some time without progress. */
  stallable: number
}

export function noCounts(): StageCounts {
  return { wip: 0, overdue: 0, atRisk: 0, soon: 0, stalled: 0, held: 0, unclaimed: 0, limited: 0, stallable: 0 }
}

/** @param delta 1 to count an open order in, −1 to take it out as it was counted. */
export function addStatus(
  counts: StageCounts,
  status: VisitStatus,
  sla: VisitSla,
  claimed: boolean,
  delta: 1 | -1,
): void {
  counts.wip += delta
  if (sla.targetMs !== undefined) counts.limited += delta
  if (sla.stallAfterMs !== undefined) counts.stallable += delta
  if (status.overdue) counts.overdue += delta
  if (status.atRisk) counts.atRisk += delta
  if (status.soon) counts.soon += delta
  if (status.stalled) counts.stalled += delta
  if (status.onHold) counts.held += delta
  if (status.overdue && !claimed) counts.unclaimed += delta
}

/** What the engine keeps of one stage of one process. */
export class StageAggregates {
  readonly process: string
  readonly index: number
  definition: StageDefinition
  /** Visits that are counted in, cancelled ones included. */
  visitCount = 0
  readonly counts = noCounts()
  /** Open orders over time. */
  readonly wipBuckets = new BucketSeries()
  /** Overdue orders over time. */
  readonly overdueBuckets = new BucketSeries()
  readonly atRiskBuckets = new BucketSeries()
  readonly stalledBuckets = new BucketSeries()
  readonly openAges = new OpenAges()
  readonly arrivals = new DayCounts()
  readonly departures = new DayCounts()

  constructor(process: string, index: number, definition: StageDefinition) {
    this.process = process
    this.index = index
    this.definition = definition
  }

  /** @param delta 1 to count an open order in, −1 to take it out as it was counted. */
  count(status: VisitStatus, sla: VisitSla, claimed: boolean, delta: 1 | -1): void {
    addStatus(this.counts, status, sla, claimed, delta)
  }

  /** Counts when a visit was at risk and stalled into the past, or takes it back as it was counted. */
  countSpans({ atRisk, stalled }: StatusSpans, delta: 1 | -1): void {
    if (atRisk !== undefined) countSpan(this.atRiskBuckets, atRisk, delta)
    for (const span of stalled) countSpan(this.stalledBuckets, span, delta)
  }
}

function countSpan(buckets: BucketSeries, { from, to }: StatusSpan, delta: 1 | -1): void {
  buckets.add(from, delta)
  if (to !== Infinity) buckets.add(to, -delta)
}

/**
 * No limit says what would be overdue: while orders are in the stage, what they are held against counts, else what the
 * next one would be.
 */
export function isUnjudged({ definition, counts }: StageAggregates): boolean {
  if (counts.wip > 0) return counts.limited === 0
  const { targetMs, promiseLeadMs, targets = [], terminal } = definition
  if (terminal) return false
  const limits = [{ targetMs, promiseLeadMs }, ...targets]
  return limits.every((each) => each.targetMs === undefined && each.promiseLeadMs === undefined)
}
