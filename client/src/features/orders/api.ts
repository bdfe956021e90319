import { orderDetail, ordersAnswer, type OrderDetail, type OrdersAnswer } from '@stagewatch/shared/contract/orders.ts'
import { ordersOfTree, type LiveOrders, type LiveTree } from '@stagewatch/shared/contract/live-query.ts'
import {
  orderActionAnswer,
  orderActionsAnswer,
  orderPeople,
  type DeskAction,
  type OrderActionRequest,
  type OrderActionsPreview,
  type OrderActionsRequest,
  type OrderCorrectionRequest,
} from '@stagewatch/shared/contract/order-action.ts'
import {
  infiniteQueryOptions,
  keepPreviousData,
  queryOptions,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query'
import { useRef } from 'react'
import { request } from '../../api/request.ts'
import { useMe } from '../../api/session.ts'
import { applyAction } from './apply-action.ts'

/** Orders on the first page, which is loaded while the user waits. */
const firstPageSize = 100
/** Each further page doubles the list, up to this many orders: a long list takes few requests. */
const maxPageSize = 500
/** Maximum number of orders for which the server pushes live updates. */
const maxLiveOrders = 500
const hourMs = 3_600_000

/**
 * The orders that match a search, one page at a time. Displayed rows stay until the user reloads the list, so that no
 * row moves under the pointer and the list is unchanged when the user returns to it.
 */
export const orderListQuery = (site: string, question: string) =>
  infiniteQueryOptions({
    queryKey: ['orders', site, question],
    queryFn: ({ signal, pageParam: { after, page } }) => {
      const cursor = after === '' ? '' : `cursor=${encodeURIComponent(after)}`
      const search = joined(question, `limit=${pageSize(page)}`, cursor)
      return request({ path: `/api/v1/orders?${search}`, response: ordersAnswer, site, signal })
    },
    initialPageParam: { after: '', page: 0 },
    getNextPageParam: ({ cursor }, pages) => (cursor === undefined ? undefined : { after: cursor, page: pages.length }),
    placeholderData: keepPreviousData,
    staleTime: Infinity,
    gcTime: hourMs,
  })

/** Number of orders on a page, which is at most the number on all pages before it. */
function pageSize(page: number): number {
  return page === 0 ? firstPageSize : Math.min(maxPageSize, firstPageSize * 2 ** (page - 1))
}

/** Subscription to the displayed pages of a list, of which there are this many. */
export function liveListMessage(question: string, pages: number) {
  const limit = Math.min(maxLiveOrders, pages <= 1 ? firstPageSize : 2 * pageSize(pages - 1))
  return { kind: 'orders', search: joined(question, `limit=${limit}`) } as const
}

/** Result of a live query of kind `orders`; the server guarantees its shape. */
export function toOrders(tree: LiveTree): OrdersAnswer {
  return ordersOfTree(tree as LiveOrders)
}

/** Result of a live query of kind `order`; the server guarantees its shape. */
export function toOrder(tree: LiveTree): OrderDetail {
  return tree as OrderDetail
}

export const orderQuery = (site: string, order: string) =>
  queryOptions({
    queryKey: ['order', site, order],
    queryFn: ({ signal }) =>
      request({ path: `/api/v1/orders/${encodeURIComponent(order)}`, response: orderDetail, site, signal }),
  })

export type FileKind = 'csv' | 'xlsx'

/** URL of the file with all orders that match the search. */
export function exportAddress(kind: FileKind, site: string, question: string, language: string): string {
  const search = new URLSearchParams({ site, lang: language }).toString()
  return `/api/v1/orders.${kind}?${joined(question, search)}`
}

function joined(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('&')
}

/** Acts on an order: updates it optimistically, rolls back when the server refuses; the log informs everybody else. */
export function useActOnOrder(order: OrderDetail, by: string) {
  const { site } = useMe()
  const queries = useQueryClient()
  const { queryKey } = orderQuery(site, order.order)
  const requestId = useRequestId()
  return useMutation({
    mutationFn: (action: DeskAction) => {
      const body: OrderActionRequest = { id: requestId.of(action), stage: order.stage, do: action }
      const path = `/api/v1/orders/${encodeURIComponent(order.order)}/actions`
      return request({ path, method: 'POST', body, response: orderActionAnswer, site })
    },
    onSuccess: requestId.forget,
    onMutate: async (action) => {
      await queries.cancelQueries({ queryKey })
      queries.setQueryData(queryKey, (shown: OrderDetail | undefined) => shown && applyAction(shown, action, by))
      return order
    },
    onError: (_error, _action, before) => before && queries.setQueryData(queryKey, before),
    onSettled: () => queries.invalidateQueries({ queryKey }),
  })
}

/** Retracts an event of the order, with or without a replacement. */
export function useCorrectEvent(order: string) {
  const { site } = useMe()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (correction: Omit<OrderCorrectionRequest, 'id'>) => {
      const body: OrderCorrectionRequest = { id: newId(), ...correction }
      const path = `/api/v1/orders/${encodeURIComponent(order)}/corrections`
      return request({ path, method: 'POST', body, response: orderActionAnswer, site })
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: orderQuery(site, order).queryKey }),
  })
}

/** A few orders of a customer, overdue ones first. */
export const relatedQuery = (site: string, customer: string) =>
  queryOptions({
    queryKey: ['related-orders', site, customer],
    queryFn: ({ signal }) => {
      const search = new URLSearchParams({ customer, status: 'open', limit: '6' })
      return request({ path: `/api/v1/orders?${search}`, response: ordersAnswer, site, signal })
    },
  })

/** A few people who can see the order and whose names contain the text. */
export const orderPeopleQuery = (site: string, order: string, text: string) =>
  queryOptions({
    queryKey: ['order-people', site, order, text],
    queryFn: ({ signal }) => {
      const search = new URLSearchParams({ q: text })
      return request({
        path: `/api/v1/orders/${encodeURIComponent(order)}/people?${search}`,
        response: orderPeople,
        site,
        signal,
      })
    },
    staleTime: 60_000,
    placeholderData: keepPreviousData,
  })

export type ActedOrders = OrderActionsPreview['orders']

/** The orders to which the action could be applied now. */
export const previewQuery = (site: string, body: OrderActionsPreview) =>
  queryOptions({
    queryKey: ['order-actions-preview', site, body],
    queryFn: ({ signal }) =>
      request({
        path: '/api/v1/order-actions/preview',
        method: 'POST',
        body,
        response: orderActionsAnswer,
        site,
        signal,
      }),
    gcTime: 0,
  })

/** Applies one action to many orders. The lists receive the results as live updates. */
export function useActOnOrders(orders: ActedOrders) {
  const { site } = useMe()
  const requestId = useRequestId()
  return useMutation({
    mutationFn: (action: DeskAction) => {
      const body: OrderActionsRequest = { id: requestId.of(action), orders, do: action }
      return request({ path: '/api/v1/order-actions', method: 'POST', body, response: orderActionsAnswer, site })
    },
    onSuccess: requestId.forget,
  })
}

/** Reuses the request id of an action until it is answered, so that a retry after a lost response is idempotent. */
function useRequestId() {
  const sent = useRef<{ readonly action: string; readonly id: string }>(undefined)
  return {
    of: (action: DeskAction): string => {
      const text = JSON.stringify(action)
      if (sent.current?.action !== text) sent.current = { action: text, id: newId() }
      return sent.current.id
    },
    forget: () => {
      sent.current = undefined
    },
  }
}

/** `crypto.randomUUID` is not available over plain HTTP. */
function newId(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
