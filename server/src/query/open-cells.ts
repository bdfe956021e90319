import type { HeatmapQuery } from '@stagewatch/shared/contract/heatmap.ts'
import type { LiveEngine } from '../engine/live-engine.ts'
import { OpenSamples } from '../engine/open-samples.ts'
import type { OpenVisit } from '../engine/open-visits.ts'
import type { TimeColumns } from '../engine/time-columns.ts'
import { dimensionOf } from '../engine/visit-groups.ts'
import type { HeatCell, HeatCells, HeatRow } from './heat-cells.ts'
import { heatRow } from './heat-cells.ts'
import { OpenTotals, samplesOf } from './open-totals.ts'
import { chosenStages, isChosen, visitFilter } from './visit-choice.ts'

const rowsPerStep = 1_024

/**
 * Open orders by something that no ledger is kept of, counted from every visit.
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
  const { from: _from, to: _to, ...choice } = query
  const filter = visitFilter(engine, { ...choice, from: columns.from })
  for (const store of engine.ended.stores()) {
    const scan = store.scanSlices(filter, rowsPerStep, (visits, selected, count) => {
      const dwell = visits.durations('elapsed')
      for (let i = 0; i < count; i++) {
        const index = selected[i] ?? 0
        const leftAt = visits.leftAt[index] ?? 0
        const row = heatRow(engine, query.rows, dimensionOf(visits, index, query.rows))
        open.add(row, leftAt - dwell.get(index), leftAt)
      }
    })
    while (scan.next().done !== true) {
      checkSize(open.rowCount)
      yield
    }
  }
  for (const current of engine.open) {
    yield
    if (query.process?.includes(current.ledger.process) === false) continue
    if (!isChosen(query, current.state, current.visit)) continue
    open.add(rowOf(query, current), current.visit.enteredAt)
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

function rowOf({ rows }: HeatmapQuery, { state: { facts }, visit, ledger }: OpenVisit): HeatRow {
  if (rows === 'stage') return ledger
  return (rows === 'department' ? (visit.department ?? facts.department) : facts[rows]) ?? ''
}
