import type { HeatmapQuery } from '@stagewatch/shared/contract/heatmap.ts'
import { GroupTable } from '../engine/group-table.ts'
import type { VisitGroup } from '../engine/group-table.ts'
import type { LiveEngine } from '../engine/live-engine.ts'
import type { TimeColumns } from '../engine/time-columns.ts'
import type { VisitScans } from '../engine/scans/visit-scans.ts'
import type { HeatCell, HeatCells } from './heat-cells.ts'
import { heatRow, sameRows } from './heat-cells.ts'
import { visitFilter } from './visit-choice.ts'

/**
 * Cells of the visits that ended within each column.
 * @param maxRows the scan stops early if there are more rows; the result then has more than this.
 */
export async function finishedCells(
  engine: LiveEngine,
  query: HeatmapQuery,
  columns: TimeColumns,
  maxRows: number,
  scans: VisitScans,
): Promise<HeatCells> {
  const { from = columns.from, to = columns.to } = query
  const filter = visitFilter(engine, { ...query, from, to })
  const same = sameRows(engine, query.rows)
  const table = new GroupTable({ kind: 'groups', dimension: query.rows, ...same, spans: columns.starts, maxRows })
  await scans.scan(table, engine.ended.finished, filter, query.clock)
  return new Map(
    table.groups
      .entries()
      .map(([id, row]) => [heatRow(engine, query.rows, id), row.map((group) => cell(query, group))]),
  )
}

function cell({ metric }: HeatmapQuery, group: VisitGroup | undefined): HeatCell | undefined {
  return group && { value: valueOf(metric, group), count: group.visits }
}

function valueOf(
  metric: HeatmapQuery['metric'],
  { histogram, visits, withTarget, breaches }: VisitGroup,
): number | null {
  switch (metric) {
    case 'breachRatio':
      return withTarget === 0 ? null : breaches / visits
    case 'p50':
      return histogram.percentile(0.5) ?? null
    case 'p90':
      return histogram.percentile(0.9) ?? null
    case 'visits':
    case 'wip':
      return visits
  }
}
