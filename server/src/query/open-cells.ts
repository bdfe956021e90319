import type { HeatmapQuery } from '@stagewatch/shared/contract/heatmap.ts'
import type { FoldedOrder } from '@stagewatch/shared/domain/fold-state.ts'
import type { StageVisit } from '@stagewatch/shared/domain/stage-visit.ts'
import type { LiveEngine } from '../engine/live-engine.ts'
import { OpenSamples } from '../engine/open-samples.ts'
import type { StageLedger } from '../engine/stage-ledger.ts'
import type { TimeColumns } from '../engine/time-columns.ts'
import type { HeatCell, HeatCells, HeatRow } from './heat-cells.ts'
import { OpenTotals, samplesOf } from './open-totals.ts'
import { chosenStages, isChosen } from './visit-choice.ts'

/**
 * Open orders by something that no ledger is kept of, counted from every order.
 * @param checkSize throws when so many rows are too many.
 */
export function* openCells(
  engine: LiveEngine,
  query: HeatmapQuery,
  columns: TimeColumns,
  checkSize: (rows: number) => void,
  now: number,
): Generator<void, HeatCells> {
  const samples = samplesOf(columns, now)
  const open = new OpenSamples<HeatRow>(samples.map(({ at }) => at))
  for (const { state, process, ended, openSlot } of engine.orders()) {
    yield
    if (state.endedAt !== undefined && state.endedAt <= columns.from) continue
    if (query.process?.includes(process.definition.code) === false) continue
    const current = engine.open.get(openSlot)
    for (const { visit, ledger } of current === undefined ? ended : [...ended, current]) {
      if (!isChosen(query, state, visit)) continue
      open.add(rowOf(query, state, visit, ledger), visit.enteredAt, visit.leftAt)
    }
    checkSize(open.rowCount)
  }
  const rows = query.rows === 'stage' ? chosenStages(engine, query) : open.rows
  return new Map(rows.map((row) => [row, cellsOf(open.counts(row))]))

  function cellsOf(counts: readonly number[]): HeatCell[] {
    const totals: OpenTotals[] = []
    for (const [i, { column }] of samples.entries()) (totals[column] ??= new OpenTotals()).add(counts[i] ?? 0, 0)
    return totals.map((total) => total.cell(query.metric))
  }
}

function rowOf({ rows }: HeatmapQuery, { facts }: FoldedOrder, visit: StageVisit, ledger: StageLedger): HeatRow {
  if (rows === 'stage') return ledger
  return (rows === 'department' ? (visit.department ?? facts.department) : facts[rows]) ?? ''
}
