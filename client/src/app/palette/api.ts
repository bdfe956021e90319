import { ordersAnswer } from '@stagewatch/shared/contract/orders.ts'
import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { request } from '../../api/request.ts'

/** Orders of one search. */
const maxFound = 8
/** The server takes no more. */
export const maxSearchLength = 100

/** The first orders of which a text is a part of the number, the customer, the product or the owner. */
export const foundOrdersQuery = (site: string, text: string) =>
  queryOptions({
    queryKey: ['found-orders', site, text],
    queryFn: ({ signal }) => {
      const search = new URLSearchParams({ q: text, limit: String(maxFound) }).toString()
      return request({ path: `/api/v1/orders?${search}`, response: ordersAnswer, site, signal })
    },
    placeholderData: keepPreviousData,
  })
