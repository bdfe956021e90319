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

/** Orders of a page. */
const pageSize = 100
/** The server tells live of no more. */
const maxLiveOrders = 500
const hourMs = 3_600_000

/**
 * The orders that answer a question, a page at a time. What is shown stays until somebody asks for it anew, so that no
 * row moves under a pointer, and is there when they come back.
 */
export const orderListQuery = (site: string, question: string) =>
  infiniteQueryOptions({
    queryKey: ['orders', site, question],
    queryFn: ({ signal, pageParam }) => {
      const cursor = pageParam === '' ? '' : `cursor=${encodeURIComponent(pageParam)}`
      const search = joined(question, `limit=${pageSize}`, cursor)
      return request({ path: `/api/v1/orders?${search}`, response: ordersAnswer, site, signal })
    },
    initialPageParam: '',
    getNextPageParam: ({ cursor }) => cursor,
    placeholderData: keepPreviousData,
    staleTime: Infinity,
    gcTime: hourMs,
  })

/** What the server tells live of a list of which so many pages are shown. */
export function liveListMessage(question: string, pages: number) {
  const limit = Math.min(maxLiveOrders, Math.max(1, pages) * pageSize)
  return { kind: 'orders', search: joined(question, `limit=${limit}`) } as const
}

/** The tree of a question of the kind `orders`; its shape is the server's word. */
export function toOrders(tree: LiveTree): OrdersAnswer {
  return ordersOfTree(tree as LiveOrders)
}

/** The tree of a question of the kind `order`; its shape is the server's word. */
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

/** Address of the file with all orders that answer the question. */
export function exportAddress(kind: FileKind, site: string, question: string, language: string): string {
  const search = new URLSearchParams({ site, lang: language }).toString()
  return `/api/v1/orders.${kind}?${joined(question, search)}`
}

function joined(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('&')
}

/** Does something to the order: shown at once, taken back when the server refuses, and told to everybody by the log. */
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

/** Takes an event of the order back, with another one in its place or without. */
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

/** A few orders of a customer, those first that are overdue. */
export const relatedQuery = (site: string, customer: string) =>
  queryOptions({
    queryKey: ['related-orders', site, customer],
    queryFn: ({ signal }) => {
      const search = new URLSearchParams({ customer, status: 'open', limit: '6' })
      return request({ path: `/api/v1/orders?${search}`, response: ordersAnswer, site, signal })
    },
  })

/** A few people who see the order and whose names hold the text. */
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

/** To which of the orders something could be done now. */
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

/** Does the same to many orders. The lists are told live what became of them. */
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

/** The same identity for the same action until it is answered: when the answer was lost, it is done once all the same. */
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

/** `crypto.randomUUID` is missing where the page came over plain http. */
function newId(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
