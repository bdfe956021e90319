import type { HeatmapQuery } from '@stagewatch/shared/contract/heatmap.ts'
import { bucketMs } from '../engine/bucket-series.ts'
import { hasNoLimit } from '../engine/stage-aggregates.ts'
import type { StageAggregates } from '../engine/stage-aggregates.ts'
import type { TimeColumns } from '../engine/time-columns.ts'
import type { HeatCell, HeatCells } from './heat-cells.ts'
import { OpenTotals, samplesOf } from './open-totals.ts'
import type { Sample } from './open-totals.ts'

/** Cells of whole stages, from their aggregates over time. Samples at which a stage's source was silent are omitted. */
export function* sampledCells(
  isMissing: (stage: StageAggregates, hourAt: number) => boolean,
  metric: HeatmapQuery['metric'],
  stages: readonly StageAggregates[],
  columns: TimeColumns,
  now: number,
): Generator<void, HeatCells> {
  const cells = new Map<StageAggregates, readonly HeatCell[]>()
  const samples = samplesOf(columns, now)
  for (const stage of stages) {
    const totals: OpenTotals[] = []
    for (const sample of samples) {
      const counts = countsAt(stage, sample, now, isMissing)
      if (counts !== undefined) (totals[sample.column] ??= new OpenTotals()).add(counts.wip, counts.overdue)
      yield
    }
    cells.set(
      stage,
      totals.map((total) => total.cell(metric, hasNoLimit(stage))),
    )
  }
  return cells
}

/** Undefined if the counts are unknown. */
function countsAt(
  stage: StageAggregates,
  { at }: Sample,
  now: number,
  isMissing: (stage: StageAggregates, hourAt: number) => boolean,
): { readonly wip: number; readonly overdue: number } | undefined {
  if (at === now) return stage.counts
  // Before the introduction of time zones, full hours fell between two marks.
  const mark = Math.floor(at / bucketMs) * bucketMs
  if (isMissing(stage, mark)) return undefined
  return { wip: stage.wipBuckets.valueAt(mark), overdue: stage.overdueBuckets.valueAt(mark) }
}
