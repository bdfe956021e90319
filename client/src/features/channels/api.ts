import { channel, channelList, channelTestAnswer } from '@stagewatch/shared/contract/channels.ts'
import type { Channel, ChannelKind } from '@stagewatch/shared/contract/channels.ts'
import { messageLog } from '@stagewatch/shared/contract/message-log.ts'
import type { MessageState } from '@stagewatch/shared/contract/message-log.ts'
import type { Language } from '@stagewatch/shared/domain/locales.ts'
import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { ignoredResponse, request } from '../../api/request.ts'
import { useMe } from '../../api/session.ts'

const refetchEveryMs = 5_000
const pageSize = 50

export const channelsQuery = (site: string) =>
  queryOptions({
    queryKey: ['channels', site],
    queryFn: ({ signal }) => request({ path: '/api/v1/channels', response: channelList, site, signal }),
    refetchInterval: refetchEveryMs,
  })

/** Request body of the form: texts and numbers, keyed by the field names of the channel kind. */
export interface ChannelBody {
  readonly kind: ChannelKind
  readonly name: string
  readonly enabled: boolean
  readonly settings: Readonly<Record<string, string | number>>
  readonly secrets: Readonly<Record<string, string>>
}

/** @param saved the edited channel. Undefined: a new one. */
export function useSaveChannel(saved: Channel | undefined) {
  const { site } = useMe()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: ChannelBody) =>
      request({
        path: saved === undefined ? '/api/v1/channels' : pathOf(saved.id),
        method: saved === undefined ? 'POST' : 'PUT',
        body,
        ...(saved !== undefined && { version: saved.version }),
        response: channel,
        site,
      }),
    // After a conflict the list is fetched again as well, so that the form shows both versions.
    onSettled: () => queries.invalidateQueries({ queryKey: channelsQuery(site).queryKey }),
  })
}

export function useDeleteChannel() {
  const { site } = useMe()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => request({ path: pathOf(id), method: 'DELETE', response: ignoredResponse, site }),
    onSettled: () => queries.invalidateQueries({ queryKey: channelsQuery(site).queryKey }),
  })
}

export function useTestChannel(id: string) {
  const { site } = useMe()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: { readonly to: string; readonly language: Language }) =>
      request({ path: `${pathOf(id)}/test`, method: 'POST', body, response: channelTestAnswer, site }),
    // The status of the channel follows from the attempt.
    onSuccess: () => void queries.invalidateQueries({ queryKey: channelsQuery(site).queryKey }),
  })
}

/** Filter of the messages. Undefined: all. */
export interface LogFilter {
  readonly state?: MessageState | undefined
  readonly channel?: string | undefined
  readonly order?: string | undefined
}

export const messagesQuery = (site: string, { state, channel: of, order }: LogFilter) =>
  infiniteQueryOptions({
    queryKey: ['messages', site, state, of, order],
    queryFn: ({ signal, pageParam }) => {
      const search = new URLSearchParams({ limit: String(pageSize) })
      const named = { state, channel: of, order, cursor: pageParam }
      for (const [name, value] of Object.entries(named)) if (value !== undefined) search.set(name, value)
      return request({ path: `/api/v1/messages?${search}`, response: messageLog, site, signal })
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ cursor }) => cursor,
    refetchInterval: refetchEveryMs,
  })

export function useResend() {
  const { site } = useMe()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (id: string) =>
      request({
        path: `/api/v1/messages/${encodeURIComponent(id)}/resend`,
        method: 'POST',
        response: ignoredResponse,
        site,
      }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['messages', site] }),
  })
}

function pathOf(id: string): string {
  return `/api/v1/channels/${encodeURIComponent(id)}`
}
