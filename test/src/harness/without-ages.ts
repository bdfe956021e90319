import type { StageStats } from '@stagewatch/shared/contract/stage-stats.ts'

/** The statistics of a stage without values that depend on the time of the query. */
export function withoutAges({
  openMeanMs: _mean,
  openMaxMs: _max,
  p50WithOpenMs: _p50,
  p90WithOpenMs: _p90,
  p50AtLeastMs: _least50,
  p90AtLeastMs: _least90,
  ...stage
}: StageStats): StageStats {
  return stage
}
