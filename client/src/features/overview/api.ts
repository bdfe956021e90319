import { keyCreated, type KeyRequest } from '@stagewatch/shared/contract/admin.ts'
import { heatmapAnswer, type HeatmapAnswer } from '@stagewatch/shared/contract/heatmap.ts'
import { ordersAnswer } from '@stagewatch/shared/contract/orders.ts'
import { overviewAnswer } from '@stagewatch/shared/contract/overview.ts'
import { quarantineList } from '@stagewatch/shared/contract/quarantine.ts'
import { keepPreviousData, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { boardEveryMs } from '../../api/site-queries.ts'
import { request } from '../../api/request.ts'
import { useMe } from '../../api/session.ts'
import { apiSearch } from '../../api/search-params.ts'
import type { heatColumns, heatRows } from './search.ts'

/** @param search query string of the request, without the question mark. */
export const overviewQuery = (site: string, search: string) =>
  queryOptions({
    queryKey: ['overview', site, search],
    queryFn: ({ signal }) => request({ path: `/api/v1/overview?${search}`, response: overviewAnswer, site, signal }),
    placeholderData: keepPreviousData,
  })

interface HeatmapKinds {
  readonly rowKind: (typeof heatRows)[number]
  readonly columnKind: (typeof heatColumns)[number]
}

/** A result with the kinds of its rows and columns, which may differ from those of the request in flight. */
export interface AskedHeatmap extends HeatmapKinds {
  readonly answer: HeatmapAnswer
}

/** @param question query string without rows and columns. */
export const heatmapQuery = (
  site: string,
  { rowKind, columnKind }: HeatmapKinds,
  question: Readonly<Record<string, unknown>>,
) => {
  const search = apiSearch({ ...question, rows: rowKind, columns: columnKind })
  return queryOptions({
    queryKey: ['overview-heatmap', site, search],
    queryFn: async ({ signal }): Promise<AskedHeatmap> => {
      const path = `/api/v1/stages/heatmap?${search}`
      return { answer: await request({ path, response: heatmapAnswer, site, signal }), rowKind, columnKind }
    },
    placeholderData: keepPreviousData,
  })
}

export const longestOverdueSearch = (question: Readonly<Record<string, unknown>>) =>
  apiSearch({ ...question, status: 'overdue', sort: 'overdue', limit: 6 })

export const ordersQuery = (site: string, search: string) =>
  queryOptions({
    queryKey: ['overview-orders', site, search],
    queryFn: ({ signal }) => request({ path: `/api/v1/orders?${search}`, response: ordersAnswer, site, signal }),
    placeholderData: keepPreviousData,
  })

export const rejectedQuery = (site: string) =>
  queryOptions({
    queryKey: ['overview-rejected', site],
    queryFn: ({ signal }) => request({ path: '/api/v1/quarantine?limit=1', response: quarantineList, site, signal }),
    refetchInterval: boardEveryMs,
  })

/** Creates a key for the system that sends the first event of a site. */
export function useCreateFirstKey() {
  const { site } = useMe()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: () => {
      const body: KeyRequest = { name: 'first', scopes: ['ingest'] }
      return request({ path: '/api/v1/admin/keys', method: 'POST', body, response: keyCreated, site })
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: ['keys', site] }),
  })
}
