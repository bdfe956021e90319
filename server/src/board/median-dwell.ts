import { kaplanMeierPercentiles } from '@stagewatch/shared/domain/kaplan-meier.ts'
import type { CountedMs } from '@stagewatch/shared/domain/kaplan-meier.ts'
import type { DwellHistogram } from '../engine/dwell-histogram.ts'

/** Fewer finished visits than this say little about a stage's usual dwell. */
const fewVisits = 5

/**
 * Median dwell of a stage, from visits that have ended and the ages (ascending) of those that are open. When too many
 * are open to tell, the median of all of them so far, which the true one is at least. Undefined when few have ended,
 * unless the median is above the target already.
 */
export function medianDwell(
  ended: DwellHistogram,
  open: readonly CountedMs[],
  targetMs: number | undefined,
): number | undefined {
  const durations = ended.durations
  const [estimateMs] = kaplanMeierPercentiles(durations, open, [0.5])
  const soFar = [...durations, ...open].toSorted((a, b) => a.ms - b.ms)
  const [leastMs] = kaplanMeierPercentiles(soFar, [], [0.5])
  const isKnown = ended.count >= fewVisits || (targetMs !== undefined && leastMs !== undefined && leastMs > targetMs)
  return isKnown ? (estimateMs ?? leastMs) : undefined
}
