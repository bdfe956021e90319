import type { StageDefinition } from '@stagewatch/shared/domain/process-definition.ts'
import type { StatusSpan, StatusSpans } from '@stagewatch/shared/domain/status-spans.ts'
import type { VisitStatus } from '@stagewatch/shared/domain/visit-status.ts'
import type { VisitSla } from '@stagewatch/shared/domain/visit-sla.ts'
import { DayCounts } from './day-counts.ts'
import { BucketSeries } from './bucket-series.ts'
import { OpenAges } from './open-ages.ts'

/** Number of open orders of a stage in each state. States overlap, so the counts do not add up to `wip`. */
export interface StageCounts {
  wip: number
  overdue: number
  atRisk: number
  /** At risk and close to the limit. */
  soon: number
  stalled: number
  held: number
  /** Overdue without an owner. */
  unclaimed: number
  /** With a limit. */
  limited: number
  /** Orders that become stalled after some time without progress. */
  stallable: number
}

export function noCounts(): StageCounts {
  return { wip: 0, overdue: 0, atRisk: 0, soon: 0, stalled: 0, held: 0, unclaimed: 0, limited: 0, stallable: 0 }
}

/** @param delta 1 to count an open order, −1 to undo it as it was counted. */
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

/** The engine's aggregates of one stage of one process. */
export class StageAggregates {
  readonly process: string
  readonly index: number
  definition: StageDefinition
  /** Number of counted visits, including cancelled ones. */
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

  /** @param delta 1 to count an open order, −1 to undo it as it was counted. */
  count(status: VisitStatus, sla: VisitSla, claimed: boolean, delta: 1 | -1): void {
    addStatus(this.counts, status, sla, claimed, delta)
  }

  /** Counts the periods in which a visit was at risk or stalled into the past, or undoes it as it was counted. */
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
 * Whether the stage lacks a limit, so that no order can be overdue. If there are orders in the stage, their limits
 * decide; otherwise the limits of a future order.
 */
export function hasNoLimit({ definition, counts }: StageAggregates): boolean {
  if (counts.wip > 0) return counts.limited === 0
  const { targetMs, promiseLeadMs, targets = [], terminal } = definition
  if (terminal) return false
  const limits = [{ targetMs, promiseLeadMs }, ...targets]
  return limits.every((each) => each.targetMs === undefined && each.promiseLeadMs === undefined)
}
