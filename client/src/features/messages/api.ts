import { customerNewsView } from '@stagewatch/shared/contract/customer-news.ts'
import type { CustomerNewsSettings } from '@stagewatch/shared/contract/customer-news.ts'
import { messageText, messageTextList, textPreview } from '@stagewatch/shared/contract/message-texts.ts'
import type { MessageText, Wording } from '@stagewatch/shared/contract/message-texts.ts'
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { request } from '../../api/request.ts'
import { useMe } from '../../api/session.ts'

/** Shows users who are editing what somebody else has saved since. */
const refetchEveryMs = 15_000

export const customerNewsQuery = (site: string) =>
  queryOptions({
    queryKey: ['customer-news', site],
    queryFn: ({ signal }) => request({ path: '/api/v1/customer-news', response: customerNewsView, site, signal }),
    refetchInterval: refetchEveryMs,
  })

/** @param version of the overwritten settings; after a conflict they are fetched again. */
export function useSaveCustomerNews(version: string) {
  const { site } = useMe()
  const queries = useQueryClient()
  const { queryKey } = customerNewsQuery(site)
  return useMutation({
    mutationFn: (body: CustomerNewsSettings) =>
      request({ path: '/api/v1/customer-news', method: 'PUT', body, version, response: customerNewsView, site }),
    onSuccess: (saved) => queries.setQueryData(queryKey, saved),
    onError: () => queries.invalidateQueries({ queryKey }),
  })
}

export const textsQuery = (site: string) =>
  queryOptions({
    queryKey: ['message-texts', site],
    queryFn: ({ signal }) => request({ path: '/api/v1/message-texts', response: messageTextList, site, signal }),
    refetchInterval: refetchEveryMs,
  })

type TextPlace = Pick<MessageText, 'key' | 'language'>

const pathOf = ({ key, language }: TextPlace) => `/api/v1/message-texts/${key}/${language}`

/** @param text as it was when the editing started. */
export function useSaveText(text: MessageText) {
  const { site } = useMe()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: ({ version, ...body }: Wording & { readonly version: string }) =>
      request({ path: pathOf(text), method: 'PUT', body, version, response: messageText, site }),
    onSettled: () => queries.invalidateQueries({ queryKey: textsQuery(site).queryKey }),
  })
}

export function useResetText(text: TextPlace) {
  const { site } = useMe()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: () => request({ path: pathOf(text), method: 'DELETE', response: messageText, site }),
    onSettled: () => queries.invalidateQueries({ queryKey: textsQuery(site).queryKey }),
  })
}

/** What the channels would make of a text; fails like saving it would. */
export function usePreview({ key, language }: TextPlace) {
  const { site } = useMe()
  return useMutation({
    mutationFn: (body: Wording) =>
      request({
        path: '/api/v1/message-texts/preview',
        method: 'POST',
        body: { key, language, ...body },
        response: textPreview,
        site,
      }),
  })
}
