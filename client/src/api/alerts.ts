import { alertDetail, alertList, alertTargets } from '@stagewatch/shared/contract/alerts.ts'
import type {
  AlertDetail,
  AlertHandOverRequest,
  AlertList,
  AlertView,
  SnoozeUntil,
} from '@stagewatch/shared/contract/alerts.ts'
import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import type { InfiniteData } from '@tanstack/react-query'
import { ignoredResponse, request } from './request.ts'
import { apiSearch } from './search-params.ts'
import { serverTime } from './server-time.ts'
import { useMe } from './session.ts'

/** Refetch interval while the page is visible. */
const refetchEveryMs = 15_000
const pageSize = 50
/** Maximum number of alerts on the page of an order. */
const maxOfOrder = 20

interface AlertsQuestion {
  readonly state: 'open' | 'ended'
  readonly rule: string | undefined
}

/** Alerts, newest first, one page at a time. */
export const alertsQuery = (site: string, { state, rule }: AlertsQuestion) =>
  infiniteQueryOptions({
    queryKey: ['alerts', site, 'list', state, rule ?? ''],
    queryFn: ({ signal, pageParam }) => {
      const search = apiSearch({ state, rule, limit: pageSize, cursor: pageParam === '' ? undefined : pageParam })
      return request({ path: `/api/v1/alerts?${search}`, response: alertList, site, signal })
    },
    initialPageParam: '',
    getNextPageParam: ({ cursor }) => cursor,
    refetchInterval: refetchEveryMs,
  })

/** The current alerts of an order. */
export const orderAlertsQuery = (site: string, order: string) =>
  queryOptions({
    queryKey: ['alerts', site, 'order', order],
    queryFn: ({ signal }) => {
      const path = `/api/v1/alerts?${apiSearch({ order, limit: maxOfOrder })}`
      return request({ path, response: alertList, site, signal })
    },
    refetchInterval: refetchEveryMs,
  })

/** Number of alerts per state; the response includes the newest one. */
export const alertCountsQuery = (site: string) =>
  queryOptions({
    queryKey: ['alerts', site, 'counts'],
    queryFn: ({ signal }) => request({ path: '/api/v1/alerts?limit=1', response: alertList, site, signal }),
    refetchInterval: refetchEveryMs,
  })

export const alertQuery = (site: string, id: number) =>
  queryOptions({
    queryKey: ['alerts', site, 'one', id],
    queryFn: ({ signal }) => request({ path: `/api/v1/alerts/${id}`, response: alertDetail, site, signal }),
    refetchInterval: refetchEveryMs,
  })

/** People to whom an alert can be handed over. */
export const alertTargetsQuery = (site: string, id: number) =>
  queryOptions({
    queryKey: ['alert-targets', site, id],
    queryFn: ({ signal }) => request({ path: `/api/v1/alerts/${id}/targets`, response: alertTargets, site, signal }),
  })

export type AlertAction =
  | { readonly kind: 'acknowledge' }
  | { readonly kind: 'snooze'; readonly until: SnoozeUntil }
  | ({ readonly kind: 'handOver' } & AlertHandOverRequest)
  | { readonly kind: 'accept' }
  | { readonly kind: 'decline'; readonly reason?: string }

/** Acts on an alert: updates every view of it optimistically and rolls back when the server refuses. */
export function useActOnAlert(id: number) {
  const { site, name } = useMe()
  const queries = useQueryClient()
  const all = { queryKey: ['alerts', site] }
  return useMutation({
    mutationFn: ({ kind, ...body }: AlertAction) => {
      const path = `/api/v1/alerts/${id}/${kind === 'handOver' ? 'hand-over' : kind}`
      return request({ path, method: 'POST', body, response: ignoredResponse, site })
    },
    onMutate: async (action) => {
      await queries.cancelQueries(all)
      const before = queries.getQueriesData<CachedAlerts>(all)
      const now = serverTime(Date.now())
      queries.setQueriesData<CachedAlerts>(
        all,
        (cached) => cached && changeAlert(cached, id, (shown) => applyAction(shown, action, name, now)),
      )
      return before
    },
    onError: (_error, _action, before) => {
      for (const [key, data] of before ?? []) queries.setQueryData(key, data)
    },
    onSettled: () => queries.invalidateQueries(all),
  })
}

type CachedAlerts = InfiniteData<AlertList, string> | AlertList | AlertDetail

/** Changes one alert in a cached response; a response without that alert stays unchanged. */
export function changeAlert(
  cached: CachedAlerts,
  id: number,
  change: <Shown extends AlertView>(alert: Shown) => Shown,
): CachedAlerts {
  const inList = (list: AlertList): AlertList => ({
    ...list,
    alerts: list.alerts.map((alert) => (alert.id === id ? change(alert) : alert)),
  })
  if ('pages' in cached) return { ...cached, pages: cached.pages.map(inList) }
  if ('alerts' in cached) return inList(cached)
  return cached.id === id ? change(cached) : cached
}

/** The expected state of the alert after the action, as far as it can be derived before the server responds. */
export function applyAction<Shown extends AlertView>(
  alert: Shown,
  action: AlertAction,
  by: string,
  now: number,
): Shown {
  const answered = { ...alert, handedTo: undefined, handedBy: undefined, acceptBy: undefined, isHandedToYou: undefined }
  switch (action.kind) {
    case 'acknowledge':
    case 'accept':
      return { ...answered, state: 'acknowledged', acknowledgedAt: now, acknowledgedBy: by }
    case 'snooze':
      // Only the server knows when the next working morning is.
      return {
        ...answered,
        state: 'snoozed',
        ...(typeof action.until === 'number' && { snoozedUntil: action.until }),
      }
    case 'decline':
      return answered
    case 'handOver':
      // Only the server knows until when the colleague can answer.
      return alert
  }
}
