import { processList } from '@stagewatch/shared/contract/admin.ts'
import { queryOptions } from '@tanstack/react-query'
import { request } from './request.ts'

/** Processes of a site with their stages and versions. */
export const processesQuery = (site: string) =>
  queryOptions({
    queryKey: ['processes', site],
    queryFn: ({ signal }) => request({ path: '/api/v1/admin/processes', response: processList, site, signal }),
  })
