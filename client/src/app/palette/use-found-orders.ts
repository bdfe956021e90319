import { useDebouncedValue } from '@mantine/hooks'
import { useQuery, keepPreviousData, queryOptions } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { List, RotateCcw } from 'lucide-react'
import { useMe } from '../../api/session.ts'
import { formatCount } from '../../format/quantity.ts'
import { useText } from '../../locales/use-text.ts'
import type { Entry } from './entry.ts'
import { ordersAnswer } from '@stagewatch/shared/contract/orders.ts'
import { request } from '../../api/request.ts'

const searchAfterMs = 200

/** Maximum number of orders per search. */
const maxFound = 8
/** The server's limit. */
export const maxSearchLength = 100

/** The first orders whose number, customer, product or owner contains the text. */
const foundOrdersQuery = (site: string, text: string) =>
  queryOptions({
    queryKey: ['found-orders', site, text],
    queryFn: ({ signal }) => {
      const search = new URLSearchParams({ q: text, limit: String(maxFound) }).toString()
      return request({ path: `/api/v1/orders?${search}`, response: ordersAnswer, site, signal })
    },
    placeholderData: keepPreviousData,
  })

/** The orders that match the typed text, and whether the result belongs to the latest input. */
export function useFoundOrders(typed: string) {
  const { t, language } = useText()
  const { site, actions } = useMe()
  const navigate = useNavigate()
  const [text] = useDebouncedValue(typed, searchAfterMs)
  const isAsked = typed !== '' && actions.includes('orders.read')
  const query = useQuery({ ...foundOrdersQuery(site, text), enabled: isAsked && text !== '' })
  const { data, isError, isFetching, isPlaceholderData, refetch } = query
  if (!isAsked) return { entries: [], translations: undefined, isSearching: false }
  const isSearching = text !== typed || isFetching || isPlaceholderData
  return { entries: isError && !isSearching ? [retry()] : found(), translations: data?.translations, isSearching }

  function found(): Entry[] {
    const orders = data?.orders ?? []
    const entries = orders.map((order): Entry => {
      const run = (): void => void navigate({ to: '/orders/$order', params: { order: order.order } })
      return { id: `order ${order.order}`, group: 'orders', text: order.order, order, run }
    })
    const total = data?.total ?? 0
    return total > orders.length ? [...entries, all(total)] : entries
  }

  function all(total: number): Entry {
    return {
      id: 'all orders',
      group: 'orders',
      text: t('palette.allOrders', { count: total, value: formatCount(total, language) }),
      icon: List,
      run: () => void navigate({ to: '/orders', search: { q: text } }),
    }
  }

  function retry(): Entry {
    return {
      id: 'retry',
      group: 'orders',
      text: t('palette.failed'),
      icon: RotateCcw,
      stays: true,
      run: () => void refetch(),
    }
  }
}
