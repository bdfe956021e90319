import { kaplanMeierPercentiles } from '@stagewatch/shared/domain/kaplan-meier.ts'
import type { CountedMs } from '@stagewatch/shared/domain/kaplan-meier.ts'

/** Fewer finished visits than this say little about a stage's usual dwell. */
const fewVisits = 5

/** Visits of a stage that were there in a span of time which goes on; durations ascending. */
export interface RecentDwell {
  /** How long those took that were left. */
  readonly ended: readonly CountedMs[]
  /** How long the others have been there. */
  readonly open: readonly CountedMs[]
  /** How old those were at the beginning of the span that had begun before. */
  readonly late: readonly CountedMs[]
}

/**
 * Median dwell of a stage. When too many are open to tell, the median of all of them so far, which the true one is at
 * least. Undefined when few have ended, unless the median is above the target already.
 */
export function medianDwell({ ended, open, late }: RecentDwell, targetMs: number | undefined): number | undefined {
  const [estimateMs] = kaplanMeierPercentiles(ended, open, [0.5], late)
  const soFar = [...ended, ...open].toSorted((a, b) => a.ms - b.ms)
  const [leastMs] = kaplanMeierPercentiles(soFar, [], [0.5])
  const count = ended.reduce((sum, some) => sum + some.count, 0)
  const isKnown = count >= fewVisits || (targetMs !== undefined && leastMs !== undefined && leastMs > targetMs)
  return isKnown ? (estimateMs ?? leastMs) : undefined
}
