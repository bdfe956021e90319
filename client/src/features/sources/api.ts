import type { ProblemCode } from '@stagewatch/shared/contract/problem.ts'
import {
  quarantineCauses,
  quarantineDismissed,
  quarantineList,
  quarantineRetried,
} from '@stagewatch/shared/contract/quarantine.ts'
import type { QuarantineChoice, QuarantineRetried } from '@stagewatch/shared/contract/quarantine.ts'
import { sourceList } from '@stagewatch/shared/contract/sources.ts'
import type { SourceDescription, SourceView } from '@stagewatch/shared/contract/sources.ts'
import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { request } from '../../api/request.ts'
import { useMe } from '../../api/session.ts'

/** The interval at which the server writes its counters. */
const refetchEveryMs = 5_000
const pageSize = 20
/** Maximum number of requests per retry, enough for all events that a site keeps in quarantine. */
const maxRequests = 10

export const sourcesQuery = (site: string) =>
  queryOptions({
    queryKey: ['sources', site],
    queryFn: ({ signal }) => request({ path: '/api/v1/sources', response: sourceList, site, signal }),
    refetchInterval: refetchEveryMs,
  })

/** After a conflict the list is fetched again, so that the editor shows both versions. */
export function useDescribeSource({ source, version }: Pick<SourceView, 'source' | 'version'>) {
  const { site } = useMe()
  const queries = useQueryClient()
  const { queryKey } = sourcesQuery(site)
  return useMutation({
    mutationFn: (body: SourceDescription) =>
      request({
        path: `/api/v1/sources/${encodeURIComponent(source)}`,
        method: 'PUT',
        body,
        version,
        response: sourceList,
        site,
      }),
    onSuccess: (list) => queries.setQueryData(queryKey, list),
    onError: () => queries.invalidateQueries({ queryKey }),
  })
}

export const causesQuery = (site: string) =>
  queryOptions({
    queryKey: ['quarantine', site, 'causes'],
    queryFn: ({ signal }) => request({ path: '/api/v1/quarantine/causes', response: quarantineCauses, site, signal }),
    refetchInterval: refetchEveryMs,
  })

/** Why events were rejected. An empty field: no field was named. */
export interface Cause {
  readonly code: ProblemCode
  readonly field: string
}

/** Events that were rejected for one cause, newest first. */
export const rejectedQuery = (site: string, { code, field }: Cause) =>
  infiniteQueryOptions({
    queryKey: ['quarantine', site, 'events', code, field],
    queryFn: ({ signal, pageParam }) => {
      const search = new URLSearchParams({ code, field, limit: String(pageSize) })
      if (pageParam !== undefined) search.set('before', String(pageParam))
      return request({ path: `/api/v1/quarantine?${search}`, response: quarantineList, site, signal })
    },
    initialPageParam: undefined as number | undefined,
    getNextPageParam: ({ events }) => (events.length < pageSize ? undefined : events.at(-1)?.id),
  })

type Chosen = Exclude<QuarantineChoice, { readonly ids: unknown }>

/** Retries all selected events. The server accepts a thousand of them at a time. */
export function useRetry() {
  const { site } = useMe()
  return useSettle(async (choice) => {
    const total: QuarantineRetried = { accepted: 0, duplicate: 0, rejected: 0, unreadable: 0 }
    for (let requests = 0; requests < maxRequests; requests++) {
      const became = await request({
        path: '/api/v1/quarantine/retry',
        method: 'POST',
        body: choice,
        response: quarantineRetried,
        site,
      })
      for (const key of ['accepted', 'duplicate', 'rejected'] as const) total[key] += became[key]
      // Truncated events cannot be retried, so every response counts them again.
      total.unreadable = became.unreadable
      if (became.accepted + became.duplicate + became.rejected === 0) break
    }
    return total
  })
}

export function useDismiss() {
  const { site } = useMe()
  return useSettle(async (choice) => {
    let total = 0
    for (let requests = 0; requests < maxRequests; requests++) {
      const { dismissed } = await request({
        path: '/api/v1/quarantine/dismiss',
        method: 'POST',
        body: choice,
        response: quarantineDismissed,
        site,
      })
      total += dismissed
      if (dismissed === 0) break
    }
    return total
  })
}

function useSettle<Became>(settle: (choice: Chosen) => Promise<Became>) {
  const { site } = useMe()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: settle,
    onSettled: () => queries.invalidateQueries({ queryKey: ['quarantine', site] }),
  })
}
