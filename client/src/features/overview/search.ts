import type { HeatmapQuery } from '@stagewatch/shared/contract/heatmap.ts'
import { z } from 'zod'
import { textParam } from '../../api/search-params.ts'
import { filterSearch, presetOf, type Preset } from '../../components/filters/filter-search.ts'

export const overviewPresets = ['shift', 'today', 'yesterday', '7d', '14d', '30d'] as const satisfies readonly Preset[]

export const metrics = ['breachRatio', 'p50', 'wip', 'visits'] as const satisfies readonly HeatmapQuery['metric'][]
export const heatRows = ['stage', 'department', 'product', 'customer', 'customerClass'] as const
export const heatColumns = ['day', 'hour', 'hourOfDay', 'weekday'] as const

/** Search parameters of the overview. Unknown values count as missing. */
export const overviewSearch = filterSearch.extend({
  metric: z.enum(metrics).optional().catch(undefined),
  rows: z.enum(heatRows).optional().catch(undefined),
  cols: z.enum(heatColumns).optional().catch(undefined),
  /** Row and column of the chosen cell of the heat map. */
  cell: textParam,
})
export type OverviewSearch = z.infer<typeof overviewSearch>

/** Columns of the heat map: the chosen ones, otherwise hours for a shift and days for all other periods. */
export function columnsOf(search: OverviewSearch): (typeof heatColumns)[number] {
  return search.cols ?? usualColumns(search)
}

export function usualColumns(search: OverviewSearch): (typeof heatColumns)[number] {
  return presetOf(search) === 'shift' ? 'hour' : 'day'
}
