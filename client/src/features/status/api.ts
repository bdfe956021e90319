import { serverStatus } from '@stagewatch/shared/contract/server-status.ts'
import { queryOptions } from '@tanstack/react-query'
import { request } from '../../api/request.ts'

const refetchEveryMs = 15_000

export const statusQuery = (site: string) =>
  queryOptions({
    queryKey: ['status', site],
    queryFn: ({ signal }) => request({ path: '/api/v1/admin/status', response: serverStatus, site, signal }),
    refetchInterval: refetchEveryMs,
  })
