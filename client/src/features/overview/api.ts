import { keyCreated, type KeyRequest } from '@stagewatch/shared/contract/admin.ts'
import { board } from '@stagewatch/shared/contract/board.ts'
import { heatmapAnswer, type HeatmapAnswer, type HeatmapQuery } from '@stagewatch/shared/contract/heatmap.ts'
import { ordersAnswer } from '@stagewatch/shared/contract/orders.ts'
import { overviewAnswer } from '@stagewatch/shared/contract/overview.ts'
import { quarantineList } from '@stagewatch/shared/contract/quarantine.ts'
import { keepPreviousData, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { request } from '../../api/request.ts'
import { useMe } from '../../api/session.ts'
import { apiSearch, type Dimension, type heatColumns, type heatRows } from './search.ts'

const boardEveryMs = 30_000
const choicesFreshMs = 300_000

/** @param search the question as the server takes it, without its question mark. */
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

/** An answer and what its rows and columns are: while another one is on its way, what is asked for is no longer that. */
export interface AskedHeatmap extends HeatmapKinds {
  readonly answer: HeatmapAnswer
}

/** @param question without rows and columns. */
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

/** The wall of the site: its time zone, what its stages tolerate, and which sources are late. */
export const boardQuery = (site: string) =>
  queryOptions({
    queryKey: ['overview-board', site],
    queryFn: ({ signal }) => request({ path: '/api/v1/board', response: board, site, signal }),
    refetchInterval: boardEveryMs,
  })

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

const rowsOf = {
  process: 'stage',
  department: 'department',
  customer: 'customer',
  customerClass: 'customerClass',
  product: 'product',
} as const satisfies Readonly<Record<Dimension, HeatmapQuery['rows']>>

/** What a filter can be set to: the names that orders had, in the order of the alphabet. */
export const choicesQuery = (site: string, dimension: Dimension) =>
  queryOptions({
    queryKey: ['overview-choices', site, dimension],
    queryFn: async ({ signal }) => {
      // Seven columns leave room for the most rows.
      const search = apiSearch({ metric: 'visits', columns: 'weekday', rows: rowsOf[dimension] })
      const path = `/api/v1/stages/heatmap?${search}`
      const { rows } = await request({ path, response: heatmapAnswer, site, signal })
      const names = rows.flatMap(({ key, process }) => (dimension === 'process' ? (process ?? []) : key))
      return [...new Set(names)].filter((name) => name !== '').toSorted((a, b) => a.localeCompare(b))
    },
    staleTime: choicesFreshMs,
  })

/** For the system that sends the first event of a site. */
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
