import { kaplanMeierPercentiles } from '@stagewatch/shared/domain/kaplan-meier.ts'
import type { CountedMs } from '@stagewatch/shared/domain/kaplan-meier.ts'

/** Fewer finished visits than this do not show a stage's usual dwell. */
const minVisits = 5

/** Visits of a stage within a time span that ends now; durations ascending. */
export interface RecentDwell {
  /** Dwell times of the ended visits. */
  readonly ended: readonly CountedMs[]
  /** Ages of the open visits. */
  readonly open: readonly CountedMs[]
  /** Ages, at the start of the span, of the visits that started before it. */
  readonly late: readonly CountedMs[]
}

/**
 * Median dwell of a stage. If too many visits are open for an estimate, the median of all durations so far, which is a
 * lower bound. Undefined if few visits have ended, unless the median already exceeds the target.
 */
export function medianDwell({ ended, open, late }: RecentDwell, targetMs: number | undefined): number | undefined {
  const [estimateMs] = kaplanMeierPercentiles(ended, open, [0.5], late)
  const soFar = [...ended, ...open].toSorted((a, b) => a.ms - b.ms)
  const [leastMs] = kaplanMeierPercentiles(soFar, [], [0.5])
  const count = ended.reduce((sum, some) => sum + some.count, 0)
  const isKnown = count >= minVisits || (targetMs !== undefined && leastMs !== undefined && leastMs > targetMs)
  return isKnown ? (estimateMs ?? leastMs) : undefined
}
