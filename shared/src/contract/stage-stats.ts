import { z } from 'zod'
import { localText } from './names.ts'
import { choice } from './choice.ts'

/** Which finished visits count: those that ended from `from` up to, not including, `to`, with the given dimensions. */
export const statsQuery = z.strictObject(choice)

const count = z.int().nonnegative()
const durationMs = z.number().nonnegative().optional()

/**
 * Statistics of one stage. Counts, mean, min and max are exact; percentiles are within 1 % of the exact nearest-rank
 * value. The durations are undefined if no visit has ended.
 */
export const stageStats = z.object({
  stage: z.string(),
  name: localText,
  process: z.string(),
  /** Number of finished visits. */
  visits: count,
  /** Distinct orders among the finished visits. */
  orders: count,
  /** Number of orders currently in the stage; `overdue` and `atRisk` are subsets of them. */
  wip: count,
  overdue: count,
  atRisk: count,
  /** Finished visits by orders that had visited the stage before. */
  rework: count,
  meanMs: durationMs,
  p50Ms: durationMs,
  p90Ms: durationMs,
  p99Ms: durationMs,
  minMs: durationMs,
  maxMs: durationMs,
  targetMs: durationMs,
  /** Finished visits that passed their target. */
  breaches: count,
  /** `breaches` ÷ `visits`; undefined if no visit with a target has ended. */
  breachRatio: z.number().min(0).max(1).optional(),
  /** How long the orders currently in the stage have been there; undefined if there are none. */
  openMeanMs: durationMs,
  openMaxMs: durationMs,
  /**
   * Percentiles over finished visits and orders still in the stage, for which the time so far is a lower bound
   * (Kaplan–Meier). This way, a stage in which nothing finishes does not appear fast. Undefined if too many orders are
   * still in the stage, and if the visits are bounded by `from` or by a `to` in the past.
   */
  p50WithOpenMs: durationMs,
  p90WithOpenMs: durationMs,
  /** Replaces these if too many orders are still in the stage: a lower bound of the percentile. */
  p50AtLeastMs: durationMs,
  p90AtLeastMs: durationMs,
})

/**
 * Only the most recent visits are in memory. Set if older ones were needed: visits that ended before this instant,
 * epoch ms, were read from the database.
 */
export const memoryFrom = z.int().optional()

export const stageStatsAnswer = z.object({
  stages: z.array(stageStats),
  memoryFrom,
  asOf: z.int(),
  position: z.string(),
})

export type StageStats = z.infer<typeof stageStats>
