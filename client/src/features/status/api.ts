import { deadJobList, deadJobsSettled } from '@stagewatch/shared/contract/dead-jobs.ts'
import { serverStatus } from '@stagewatch/shared/contract/server-status.ts'
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { request } from '../../api/request.ts'
import { useMe } from '../../api/session.ts'

const refetchEveryMs = 15_000

export const statusQuery = (site: string) =>
  queryOptions({
    queryKey: ['status', site],
    queryFn: ({ signal }) => request({ path: '/api/v1/admin/status', response: serverStatus, site, signal }),
    refetchInterval: refetchEveryMs,
  })

export const deadJobsQuery = (site: string) =>
  queryOptions({
    queryKey: ['status', site, 'dead-jobs'],
    queryFn: ({ signal }) => request({ path: '/api/v1/admin/dead-jobs', response: deadJobList, site, signal }),
    refetchInterval: refetchEveryMs,
  })

interface JobChoice {
  readonly action: 'retry' | 'dismiss'
  readonly ids: readonly number[]
}

/** Runs jobs again that were given up, or deletes them. */
export function useSettleJobs() {
  const { site } = useMe()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: ({ action, ids }: JobChoice) =>
      request({
        path: `/api/v1/admin/dead-jobs/${action}`,
        method: 'POST',
        body: { ids },
        response: deadJobsSettled,
        site,
      }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['status', site] }),
  })
}
