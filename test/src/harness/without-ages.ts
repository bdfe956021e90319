import type { StageStats } from '@stagewatch/shared/contract/stage-stats.ts'

/** What of the statistics of a stage does not depend on when they were asked for. */
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
