import { heatmapAnswer, type HeatmapQuery } from '@stagewatch/shared/contract/heatmap.ts'
import { queryOptions } from '@tanstack/react-query'
import { request } from '../../api/request.ts'
import { apiSearch } from '../../api/search-params.ts'
import type { Dimension } from './filter-search.ts'

const choicesFreshMs = 300_000

const rowsOf = {
  process: 'stage',
  department: 'department',
  customer: 'customer',
  customerClass: 'customerClass',
  product: 'product',
} as const satisfies Readonly<Record<Dimension, HeatmapQuery['rows']>>

/** The values that a filter offers: the names that occur in orders, in alphabetical order. */
export const choicesQuery = (site: string, dimension: Dimension) =>
  queryOptions({
    queryKey: ['choices', site, dimension],
    queryFn: async ({ signal }) => {
      // Weekdays make only seven columns, which leaves room for the most rows.
      const search = apiSearch({ metric: 'visits', columns: 'weekday', rows: rowsOf[dimension] })
      const path = `/api/v1/stages/heatmap?${search}`
      const { rows } = await request({ path, response: heatmapAnswer, site, signal })
      const names = rows.flatMap(({ key, process }) => (dimension === 'process' ? (process ?? []) : key))
      return [...new Set(names)].filter((name) => name !== '').toSorted((a, b) => a.localeCompare(b))
    },
    staleTime: choicesFreshMs,
  })
