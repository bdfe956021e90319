import type { HeatmapQuery } from '@stagewatch/shared/contract/heatmap.ts'
import type { LiveEngine } from '../engine/live-engine.ts'
import type { TimeColumns } from '../engine/time-columns.ts'
import type { VisitGroup } from '../engine/visit-groups.ts'
import { visitGroups } from '../engine/visit-groups.ts'
import type { HeatCell, HeatCells } from './heat-cells.ts'
import { heatRow } from './heat-cells.ts'
import { visitFilter } from './visit-choice.ts'

/**
 * Cells of the visits that ended within each column.
 * @param checkSize throws when so many rows are too many.
 */
export function* finishedCells(
  engine: LiveEngine,
  query: HeatmapQuery,
  columns: TimeColumns,
  checkSize: (rows: number) => void,
): Generator<void, HeatCells> {
  const { from = columns.from, to = columns.to } = query
  const filter = visitFilter(engine, { ...query, from, to })
  const scan = visitGroups(engine.ended.finished, filter, query.rows, columns, query.clock)
  for (;;) {
    const { value: groups, done } = scan.next()
    checkSize(groups.size)
    if (done === true) {
      return new Map(
        groups.entries().map(([id, row]) => [heatRow(engine, query.rows, id), row.map((group) => cell(query, group))]),
      )
    }
    yield
  }
}

function cell({ metric }: HeatmapQuery, group: VisitGroup | undefined): HeatCell | undefined {
  return group && { value: valueOf(metric, group), count: group.visits }
}

function valueOf(metric: HeatmapQuery['metric'], { histogram, visits, breaches }: VisitGroup): number | null {
  switch (metric) {
    case 'breachRatio':
      return breaches / visits
    case 'p50':
      return histogram.percentile(0.5) ?? null
    case 'p90':
      return histogram.percentile(0.9) ?? null
    case 'visits':
    case 'wip':
      return visits
  }
}
