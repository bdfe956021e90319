import { orderSorts, usualSort, type OrderSort } from '@stagewatch/shared/contract/orders.ts'
import { z } from 'zod'
import { listParam, stringifySearch, textParam } from '../../api/search-params.ts'

export const orderStatuses = ['open', 'overdue', 'atRisk', 'stalled', 'held', 'unclaimed', 'completed'] as const
export type OrderStatus = (typeof orderStatuses)[number]
export type OrderColumnSort = (typeof orderSorts)[number]

/** Search of the list in the URL, with the parameter names of `GET /api/v1/orders`. Undefined: the default. */
export const ordersSearch = z.object({
  status: z.enum(orderStatuses).optional().catch(undefined),
  stage: textParam,
  process: listParam,
  department: listParam,
  customer: listParam,
  customerClass: listParam,
  product: listParam,
  q: textParam,
  sort: z
    .enum(['match', ...orderSorts, ...orderSorts.map((column) => `-${column}` as const)])
    .optional()
    .catch(undefined),
})
export type OrdersSearch = z.infer<typeof ordersSearch>

/** The filters that may be repeated. */
export const listFilters = ['process', 'department', 'customer', 'customerClass', 'product'] as const
export type ListFilter = (typeof listFilters)[number]

/** The effective sort of the list. */
export function sortOf({ sort, q, status }: OrdersSearch): OrderSort {
  return sort ?? usualSort({ q, status })
}

/** The query string of the request, normalized regardless of the order of the parameters. */
export function questionOf(search: OrdersSearch): string {
  const { status, stage, process, department, customer, customerClass, product, q } = search
  const sort = search.sort === usualSort({ q, status }) ? undefined : search.sort
  const parts = { status, stage, process, department, customer, customerClass, product, q, sort }
  return stringifySearch(parts).slice(1)
}

/** Whether the list has filters in addition to its tab. */
export function isFiltered({ stage, q, ...search }: OrdersSearch): boolean {
  return stage !== undefined || q !== undefined || listFilters.some((name) => search[name] !== undefined)
}
