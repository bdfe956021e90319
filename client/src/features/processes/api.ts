import { calendarList } from '@stagewatch/shared/contract/calendar-settings.ts'
import {
  processDraftAnswer,
  processReleases,
  type ProcessDraftRequest,
  type ProcessReleaseRequest,
  type ProcessRollbackRequest,
} from '@stagewatch/shared/contract/process-draft.ts'
import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { z } from 'zod'
import { processesQuery } from '../../api/site-queries.ts'
import { serverTime } from '../../api/server-time.ts'
import { ignoredResponse, request } from '../../api/request.ts'
import { textParam } from '../../api/search-params.ts'
import { useMe } from '../../api/session.ts'

/** Search parameters of the process page. */
export const processSearch = z.object({
  /** Code of the chosen stage. */
  stage: textParam,
  /** Index of the chosen path, from 0. */
  path: z.coerce.number().int().nonnegative().optional().catch(undefined),
  /** `process`: the settings of the process, which a laptop shows by default. */
  panel: z.enum(['process', 'history', 'compare', 'release', 'templates']).optional().catch(undefined),
})

/** Maximum delay until changes by others are shown. */
export const refetchEveryMs = 15_000

export const draftQuery = (site: string, process: string) =>
  queryOptions({
    queryKey: ['processDraft', site, process],
    queryFn: ({ signal }) => request({ path: `${pathOf(process)}/draft`, response: processDraftAnswer, site, signal }),
    refetchInterval: refetchEveryMs,
  })

/** @param version of the overwritten draft; undefined: there was none. @throws as `request`. */
export function saveDraft(site: string, body: ProcessDraftRequest, version: string | undefined) {
  return request({
    path: `${pathOf(body.definition.code)}/draft`,
    method: 'PUT',
    body,
    response: processDraftAnswer,
    site,
    ...(version !== undefined && { version }),
  })
}

/** @param onDone called even though the calling component unmounts together with the draft. */
export function useDiscardDraft(process: string, onDone: () => void) {
  const { site } = useMe()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (version: string) =>
      request({ path: `${pathOf(process)}/draft`, method: 'DELETE', version, response: ignoredResponse, site }),
    onSuccess: onDone,
    onSettled: () => queries.invalidateQueries({ queryKey: draftQuery(site, process).queryKey }),
  })
}

export const releasesQuery = (site: string, process: string) =>
  infiniteQueryOptions({
    queryKey: ['processReleases', site, process],
    queryFn: ({ signal, pageParam }) => {
      const search = pageParam === undefined ? '' : `?${new URLSearchParams({ cursor: pageParam }).toString()}`
      return request({ path: `${pathOf(process)}/releases${search}`, response: processReleases, site, signal })
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ cursor }) => cursor,
  })

interface ReleaseValues {
  /** Version of the draft. */
  readonly version: string
  readonly reason: string
  /** Epoch ms. Undefined: also applies to what has already begun. */
  readonly validFrom?: number | 'now'
}

/** @param onDone called even though the calling component unmounts together with the draft. */
export function useRelease(process: string, onDone: () => void) {
  const { site } = useMe()
  const refresh = useRefresh(process)
  return useMutation({
    mutationFn: ({ version, reason, validFrom }: ReleaseValues) => {
      const from = validFrom === 'now' ? Math.round(serverTime(Date.now())) : validFrom
      const body: ProcessReleaseRequest = { reason, ...(from !== undefined && { validFrom: from }) }
      return request({
        path: `${pathOf(process)}/release`,
        method: 'POST',
        body,
        version,
        response: ignoredResponse,
        site,
      })
    },
    onSuccess: onDone,
    onSettled: refresh,
  })
}

/**
 * @param onDone called even though the calling component has unmounted.
 * @returns a mutation that sends the version of the process along.
 */
export function useRollback(process: string, onDone: () => void) {
  const { site } = useMe()
  const refresh = useRefresh(process)
  return useMutation({
    mutationFn: ({ version, ...body }: ProcessRollbackRequest & { readonly version: string }) =>
      request({ path: `${pathOf(process)}/rollback`, method: 'POST', body, version, response: ignoredResponse, site }),
    onSuccess: onDone,
    onSettled: refresh,
  })
}

function useRefresh(process: string): () => Promise<unknown> {
  const { site } = useMe()
  const queries = useQueryClient()
  return () =>
    Promise.all(
      [processesQuery(site).queryKey, draftQuery(site, process).queryKey, releasesQuery(site, process).queryKey].map(
        (queryKey) => queries.invalidateQueries({ queryKey }),
      ),
    )
}

export const calendarsQuery = (site: string) =>
  queryOptions({
    queryKey: ['calendars', site],
    queryFn: ({ signal }) => request({ path: '/api/v1/admin/calendars', response: calendarList, site, signal }),
  })

export function pathOf(process: string): string {
  return `/api/v1/admin/processes/${encodeURIComponent(process)}`
}
