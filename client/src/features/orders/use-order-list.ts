import type { OrdersAnswer } from '@stagewatch/shared/contract/orders.ts'
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useMemo, useState } from 'react'
import { useMe } from '../../api/session.ts'
import { useLiveQuery } from '../../api/use-live-query.ts'
import { liveListMessage, orderListQuery, toOrders } from './api.ts'
import { distinctOrders, pendingUpdates, shownOrders } from './shown-orders.ts'

/**
 * A reload loads at most this many of the pages again, which are 800 orders: a page needs the cursor of the one before,
 * so that all pages of a long list would take minutes.
 */
const maxReloadedPages = 4

/** The orders that match a search: the rows as loaded, with their current values. */
export function useOrderList(question: string) {
  const { site } = useMe()
  const query = useInfiniteQuery(orderListQuery(site, question))
  const [told, setTold] = useState<{ readonly of: string; readonly answer: OrdersAnswer }>()
  const pages = query.data?.pages
  const of = `${site} ${question}`
  useLiveQuery({
    queryKey: ['orders', site, question, 'live'],
    message: liveListMessage(question, pages?.length ?? 1),
    toData: toOrders,
    onData: (answer) => setTold({ of, answer }),
  })
  const live = told?.of === of && !query.isPlaceholderData ? told.answer : undefined
  const loaded = useMemo(() => distinctOrders(pages ?? []), [pages])
  const rows = useMemo(() => shownOrders(loaded, live), [loaded, live])
  // A list that is not loaded yet has no pending updates.
  const updates = useMemo(() => (pages === undefined ? 0 : pendingUpdates(loaded, live)), [pages, loaded, live])
  const { refetch } = query
  const client = useQueryClient()
  const apply = useCallback(() => {
    const { queryKey } = orderListQuery(site, question)
    const data = client.getQueryData(queryKey)
    if (data !== undefined && data.pages.length > maxReloadedPages) {
      client.setQueryData(queryKey, {
        pages: data.pages.slice(0, maxReloadedPages),
        pageParams: data.pageParams.slice(0, maxReloadedPages),
      })
      // The rows around the reader may be gone, and the updates are at the beginning.
      window.scrollTo(0, 0)
    }
    void refetch()
  }, [client, refetch, site, question])
  const newest = live ?? pages?.at(-1)
  const translations = useMemo(
    () => Object.fromEntries([...(pages ?? []), live].flatMap((answer) => Object.entries(answer?.translations ?? {}))),
    [pages, live],
  )
  return { query, rows, updates, apply, newest, translations }
}
