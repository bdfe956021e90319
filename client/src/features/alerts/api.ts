import {
  alertRuleCreated,
  alertRuleList,
  backTest,
  type AlertRuleRequest,
  type AlertRuleView,
  type BackTest,
} from '@stagewatch/shared/contract/alert-rules.ts'
import { channelList } from '@stagewatch/shared/contract/channels.ts'
import { peopleList } from '@stagewatch/shared/contract/people.ts'
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { ignoredResponse, request } from '../../api/request.ts'
import { useMe } from '../../api/session.ts'

/** Shows users who are editing what somebody else has saved since. */
const refetchEveryMs = 15_000

export const alertRulesQuery = (site: string) =>
  queryOptions({
    queryKey: ['alert-rules', site],
    queryFn: ({ signal }) => request({ path: '/api/v1/alert-rules', response: alertRuleList, site, signal }),
    refetchInterval: refetchEveryMs,
  })

/** People whom a rule can notify. */
export const recipientsQuery = (site: string) =>
  queryOptions({
    queryKey: ['alert-recipients', site],
    queryFn: ({ signal }) => request({ path: '/api/v1/people', response: peopleList, site, signal }),
    staleTime: refetchEveryMs,
  })

/** Group chats and other channels that a rule can notify. */
export const channelsQuery = (site: string) =>
  queryOptions({
    queryKey: ['alert-channels', site],
    queryFn: ({ signal }) => request({ path: '/api/v1/channels', response: channelList, site, signal }),
    staleTime: refetchEveryMs,
  })

export function useCreateRule() {
  const { site } = useMe()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: AlertRuleRequest) =>
      request({ path: '/api/v1/alert-rules', method: 'POST', body, response: alertRuleCreated, site }),
    onSuccess: () => queries.invalidateQueries({ queryKey: alertRulesQuery(site).queryKey }),
  })
}

type SavedRule = Pick<AlertRuleView, 'id' | 'version'>

/** After a conflict the rules are fetched again, so that the editor shows both versions. */
export function useSaveRule() {
  const { site } = useMe()
  const queries = useQueryClient()
  const { queryKey } = alertRulesQuery(site)
  return useMutation({
    mutationFn: ({ rule: { id, version }, body }: { readonly rule: SavedRule; readonly body: AlertRuleRequest }) =>
      request({ path: rulePath(id), method: 'PUT', body, version, response: ignoredResponse, site }),
    onSuccess: () =>
      Promise.all([queryKey, ['alerts', site]].map((key) => queries.invalidateQueries({ queryKey: key }))),
    onError: () => queries.invalidateQueries({ queryKey }),
  })
}

export function useDeleteRule() {
  const { site } = useMe()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => request({ path: rulePath(id), method: 'DELETE', response: ignoredResponse, site }),
    onSuccess: () =>
      Promise.all(
        [alertRulesQuery(site).queryKey, ['alerts', site]].map((key) => queries.invalidateQueries({ queryKey: key })),
      ),
  })
}

function rulePath(id: string): string {
  return `/api/v1/alert-rules/${encodeURIComponent(id)}`
}

export type BackTestState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'running' }
  | { readonly kind: 'failed'; readonly error: Error }
  /** `rule`: the tested rule; the result does not apply to any other. */
  | { readonly kind: 'done'; readonly result: BackTest; readonly rule: AlertRuleRequest }

/** Back-tests a rule against past data. The server stops as soon as the request is aborted. */
export function useBackTest() {
  const { site } = useMe()
  const [state, setState] = useState<BackTestState>({ kind: 'idle' })
  const running = useRef<AbortController>(undefined)
  useEffect(() => () => running.current?.abort(), [])

  const run = async (rule: AlertRuleRequest, days: number): Promise<void> => {
    running.current?.abort()
    const controller = new AbortController()
    running.current = controller
    const { signal } = controller
    setState({ kind: 'running' })
    try {
      const path = '/api/v1/alert-rules/back-test'
      const result = await request({ path, method: 'POST', body: { rule, days }, response: backTest, site, signal })
      if (!signal.aborted) setState({ kind: 'done', result, rule })
    } catch (error) {
      if (!signal.aborted)
        setState({ kind: 'failed', error: error instanceof Error ? error : new Error(String(error)) })
    }
  }
  return {
    state,
    run: (rule: AlertRuleRequest, days: number): void => void run(rule, days),
    cancel: (): void => {
      running.current?.abort()
      setState({ kind: 'idle' })
    },
  }
}
