import { board } from '@stagewatch/shared/contract/board.ts'
import { queryOptions } from '@tanstack/react-query'
import { request } from './request.ts'
import { processList } from '@stagewatch/shared/contract/admin.ts'

export const boardEveryMs = 30_000

/** The board of the site: its time zone, the limits of its stages, and which sources are late. */
export const boardQuery = (site: string) =>
  queryOptions({
    queryKey: ['board', site],
    queryFn: ({ signal }) => request({ path: '/api/v1/board', response: board, site, signal }),
    refetchInterval: boardEveryMs,
  })

/** Processes of a site with their stages and versions. */
export const processesQuery = (site: string) =>
  queryOptions({
    queryKey: ['processes', site],
    queryFn: ({ signal }) => request({ path: '/api/v1/admin/processes', response: processList, site, signal }),
  })
