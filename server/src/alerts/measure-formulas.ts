import type { ProcessMeasure, StageMeasure } from '@stagewatch/shared/domain/alerts/measures.ts'
import { minJudgedOnTime } from '@stagewatch/shared/domain/process-definition.ts'
import { bucketMs, markFrom } from '../engine/bucket-series.ts'

const hourMs = 3_600_000

// The values of measures, for the present and for the past. Undefined: there is nothing to measure.

/** Numbers of open orders of a stage. */
export interface StageNumbers {
  readonly wip: number
  readonly overdue: number
  /** With a limit. */
  readonly limited: number
  /** At the mark of `hourAgo`. */
  readonly wipHourAgo: number
}

export function stageValue(
  measure: StageMeasure,
  { wip, overdue, limited, wipHourAgo }: StageNumbers,
): number | undefined {
  switch (measure) {
    case 'breachRatio':
      return limited === 0 ? (wip === 0 ? 0 : undefined) : overdue / wip
    case 'wipCount':
      return wip
    case 'growthPerHour':
      return wip - wipHourAgo
  }
}

/** The mark of `BucketSeries` with which the present is compared: an hour before, rounded down. */
export function hourAgo(at: number): number {
  return Math.floor((at - hourMs) / bucketMs) * bucketMs
}

/** The first instant at which a change is included in the number at `hourAgo`. */
export function inHourAgoFrom(changedAt: number): number {
  return markFrom(changedAt) + hourMs
}

/** The measures of completed orders. */
export type CompletionMeasure = Extract<ProcessMeasure, 'onTimeRatio' | 'leadTimeMs' | 'completedCount'>
export type OpenOrderMeasure = Exclude<ProcessMeasure, CompletionMeasure>

export function isCompletionMeasure(measure: ProcessMeasure): measure is CompletionMeasure {
  return measure === 'onTimeRatio' || measure === 'leadTimeMs' || measure === 'completedCount'
}

/** Numbers of open orders of a process. */
export interface OpenOrderNumbers {
  readonly open: number
  readonly overdue: number
  /** In a stage, with a limit. */
  readonly limited: number
}

export function openOrderValue(
  measure: OpenOrderMeasure,
  { open, overdue, limited }: OpenOrderNumbers,
): number | undefined {
  // None of the open orders has a limit.
  const isUnjudged = limited === 0 && open > 0
  switch (measure) {
    case 'openCount':
      return open
    case 'overdueCount':
      return isUnjudged ? undefined : overdue
    case 'overdueRatio':
      if (isUnjudged) return undefined
      return open === 0 ? 0 : overdue / open
  }
}

/** Figures of the completed orders of a process. */
export interface CompletionFigures {
  /** Completed today and with a promise; `onTime` of them met it. */
  readonly promised: number
  readonly onTime: number
  /** Completed in the period of the lead time. */
  readonly completed: number
  readonly medianLeadMs: number | undefined
  /** Whether the process had orders before that period, so that a low number of them is meaningful. */
  readonly hasWholePeriod: boolean
}

/** Undefined where the board shows no value either. */
export function completionValue(
  measure: CompletionMeasure,
  { promised, onTime, completed, medianLeadMs, hasWholePeriod }: CompletionFigures,
): number | undefined {
  switch (measure) {
    case 'onTimeRatio':
      return promised < minJudgedOnTime ? undefined : onTime / promised
    case 'leadTimeMs':
      return medianLeadMs
    case 'completedCount':
      return hasWholePeriod ? completed : undefined
  }
}
