import { z } from 'zod'
import { localText } from './local-text.ts'
import { choice } from './choice.ts'

/** Which finished visits count: those that ended from `from` up to, not including, `to`, of the named dimensions. */
export const statsQuery = z.strictObject(choice)

const count = z.int().nonnegative()
const durationMs = z.number().nonnegative().optional()

/**
 * One stage. Counts, mean, min and max are exact; percentiles are within 1 % of the exact nearest-rank value. The
 * durations are left out while no visit has ended.
 */
export const stageStats = z.object({
  stage: z.string(),
  name: localText,
  process: z.string(),
  /** Finished visits. */
  visits: count,
  /** Distinct orders among the finished visits. */
  orders: count,
  /** Orders that are in the stage now; `overdue` and `atRisk` are some of them. */
  wip: count,
  overdue: count,
  atRisk: count,
  /** Finished visits that were an order's second or later of the stage. */
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
  /** `breaches` ÷ `visits`; left out while no visit has ended that was held against a target. */
  breachRatio: z.number().min(0).max(1).optional(),
  /** How long the orders that are in the stage now have been there; left out while there is none. */
  openMeanMs: durationMs,
  openMaxMs: durationMs,
  /**
   * Percentiles of finished visits and of the orders that are still in the stage, of which it is known that they take
   * at least as long as they have been there (Kaplan–Meier). So a stage in which nothing finishes does not look fast.
   * Left out when too many orders are still in the stage to tell, and where `from` or a `to` that has passed bound the
   * visits.
   */
  p50WithOpenMs: durationMs,
  p90WithOpenMs: durationMs,
  /** In place of these, where too many orders are still in the stage: the percentile is at least so long. */
  p50AtLeastMs: durationMs,
  p90AtLeastMs: durationMs,
})

/**
 * Only the most recent visits are in memory. Where the answer needed older ones: those that were left before this
 * instant, epoch ms, were read from the database.
 */
export const memoryFrom = z.int().optional()

export const stageStatsAnswer = z.object({
  stages: z.array(stageStats),
  memoryFrom,
  asOf: z.int(),
  position: z.string(),
})

export type StageStats = z.infer<typeof stageStats>
