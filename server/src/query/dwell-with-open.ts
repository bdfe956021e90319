import { kaplanMeierPercentiles } from '@stagewatch/shared/domain/kaplan-meier.ts'
import type { StageStats } from '@stagewatch/shared/contract/stage-stats.ts'
import { DwellHistogram } from '../engine/dwell-histogram.ts'

/** Percentiles of the dwell of finished and open visits together; where too many go on to tell, at least how long. */
export function dwellWithOpen(
  finished: DwellHistogram | undefined,
  ages: DwellHistogram,
): Pick<StageStats, 'p50WithOpenMs' | 'p90WithOpenMs' | 'p50AtLeastMs' | 'p90AtLeastMs'> {
  const [p50, p90] = kaplanMeierPercentiles(finished?.durations ?? [], ages.durations, [0.5, 0.9])
  const all = new DwellHistogram()
  if (finished !== undefined) all.merge(finished)
  all.merge(ages)
  const [least50, least90] = [all.percentile(0.5), all.percentile(0.9)]
  return {
    ...(p50 !== undefined && { p50WithOpenMs: p50 }),
    ...(p90 !== undefined && { p90WithOpenMs: p90 }),
    ...(p50 === undefined && least50 !== undefined && { p50AtLeastMs: least50 }),
    ...(p90 === undefined && least90 !== undefined && { p90AtLeastMs: least90 }),
  }
}
