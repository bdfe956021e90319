import { archiveCancelled, archiveRun, archivesAnswer, siteRetention } from '@stagewatch/shared/contract/retention.ts'
import type { Retention } from '@stagewatch/shared/contract/retention.ts'
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { request } from '../../api/request.ts'
import { useMe } from '../../api/session.ts'

/** Shows users who are editing what somebody else has saved since. */
const refetchEveryMs = 15_000
const refetchRunningMs = 2_000
const shownArchives = 10

export const retentionQuery = (site: string) =>
  queryOptions({
    queryKey: ['retention', site],
    queryFn: ({ signal }) => request({ path: '/api/v1/retention', response: siteRetention, site, signal }),
    refetchInterval: refetchEveryMs,
  })

export const archivesQuery = (site: string) =>
  queryOptions({
    queryKey: ['archives', site],
    queryFn: ({ signal }) =>
      request({ path: `/api/v1/archives?limit=${shownArchives}`, response: archivesAnswer, site, signal }),
    refetchInterval: ({ state }) => (state.data?.run?.state === 'running' ? refetchRunningMs : refetchEveryMs),
  })

/** @param version of the overwritten settings; after a conflict they are fetched again. */
export function useSaveRetention(version: string) {
  const { site } = useMe()
  const queries = useQueryClient()
  const { queryKey } = retentionQuery(site)
  return useMutation({
    mutationFn: (body: Retention) =>
      request({ path: '/api/v1/retention', method: 'PUT', body, version, response: siteRetention, site }),
    onSuccess: (saved) => queries.setQueryData(queryKey, saved),
    onError: () => queries.invalidateQueries({ queryKey }),
  })
}

export function useStartArchiving() {
  const { site } = useMe()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: () => request({ path: '/api/v1/archives/run', method: 'POST', body: {}, response: archiveRun, site }),
    onSettled: () => queries.invalidateQueries({ queryKey: archivesQuery(site).queryKey }),
  })
}

export function useCancelArchiving() {
  const { site } = useMe()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: () => request({ path: '/api/v1/archives/run', method: 'DELETE', response: archiveCancelled, site }),
    onSettled: () => queries.invalidateQueries({ queryKey: archivesQuery(site).queryKey }),
  })
}
