import type { HeatmapQuery } from '@stagewatch/shared/contract/heatmap.ts'
import { markStepMs } from '../engine/mark-series.ts'
import type { StageLedger } from '../engine/stage-ledger.ts'
import type { TimeColumns } from '../engine/time-columns.ts'
import type { HeatCell, HeatCells } from './heat-cells.ts'
import { OpenTotals, samplesOf } from './open-totals.ts'
import type { Sample } from './open-totals.ts'

/** Cells of whole stages, from what each knows of its past. Turns at which the source of a stage was silent are left out. */
export function* sampledCells(
  isMissing: (stage: StageLedger, hourAt: number) => boolean,
  metric: HeatmapQuery['metric'],
  stages: readonly StageLedger[],
  columns: TimeColumns,
  now: number,
): Generator<void, HeatCells> {
  const cells = new Map<StageLedger, readonly HeatCell[]>()
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
      totals.map((total) => total.cell(metric)),
    )
  }
  return cells
}

/** Undefined: nobody knows. */
function countsAt(
  stage: StageLedger,
  { at }: Sample,
  now: number,
  isMissing: (stage: StageLedger, hourAt: number) => boolean,
): { readonly wip: number; readonly overdue: number } | undefined {
  if (at === now) return stage.counts
  // In a few zones hours turn between two marks.
  const mark = Math.floor(at / markStepMs) * markStepMs
  if (isMissing(stage, mark)) return undefined
  return { wip: stage.wipMarks.valueAt(mark), overdue: stage.overdueMarks.valueAt(mark) }
}
