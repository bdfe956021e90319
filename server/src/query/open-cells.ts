import type { HeatmapQuery } from '@stagewatch/shared/contract/heatmap.ts'
import type { LiveEngine } from '../engine/live-engine.ts'
import { OpenSamples } from '../engine/open-samples.ts'
import type { OpenVisit } from '../engine/open-visits.ts'
import type { TimeColumns } from '../engine/time-columns.ts'
import type { HeatCell, HeatCells, HeatRow } from './heat-cells.ts'
import { heatRow } from './heat-cells.ts'
import { OpenTotals, samplesOf } from './open-totals.ts'
import { representativeVisits } from './representative-visit.ts'
import { chosenStages, isChosen, visitFilter } from './visit-choice.ts'

/**
 * Open orders by a dimension without aggregates, counted from every visit.
 * @param checkSize throws if there are too many rows.
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
  const known: HeatRow[] = []
  const rowOfId = (id: number): HeatRow => (known[id] ??= heatRow(engine, query.rows, id))
  for (const store of engine.ended.stores()) {
    for (const batch of store.batches({ filter, clock: 'elapsed', id: query.rows, also: 'leftAt' })) {
      for (let i = 0; i < batch.count; i++) {
        const leftAt = batch.leftAt[i] ?? 0
        open.add(rowOfId(batch.id[i] ?? 0), leftAt - batch.dwellMs(i), leftAt)
      }
      checkSize(open.rowCount)
      yield
    }
  }
  for (const current of representativeVisits(engine, query.department, now)) {
    yield
    if (query.process?.includes(current.aggregates.process) === false) continue
    if (!isChosen(query, current.state, current.visit)) continue
    open.add(rowOf(engine, query, current), current.visit.enteredAt)
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

function rowOf(
  { departmentTexts }: LiveEngine,
  { rows }: HeatmapQuery,
  { state: { attributes }, visit, aggregates }: OpenVisit,
): HeatRow {
  if (rows === 'stage') return aggregates
  if (rows === 'department') return departmentTexts.keyOf(visit.department ?? attributes.department ?? '')
  return attributes[rows] ?? ''
}
