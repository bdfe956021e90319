import { ordersAnswer } from '@stagewatch/shared/contract/orders.ts'
import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { request } from '../../api/request.ts'

/** Maximum number of orders per search. */
const maxFound = 8
/** The server's limit. */
export const maxSearchLength = 100

/** The first orders whose number, customer, product or owner contains the text. */
export const foundOrdersQuery = (site: string, text: string) =>
  queryOptions({
    queryKey: ['found-orders', site, text],
    queryFn: ({ signal }) => {
      const search = new URLSearchParams({ q: text, limit: String(maxFound) }).toString()
      return request({ path: `/api/v1/orders?${search}`, response: ordersAnswer, site, signal })
    },
    placeholderData: keepPreviousData,
  })
