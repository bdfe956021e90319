import type { OrdersAnswer } from '@stagewatch/shared/contract/orders.ts'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useCallback, useMemo, useState } from 'react'
import { useMe } from '../../api/session.ts'
import { useLiveQuery } from '../../api/use-live-query.ts'
import { liveListMessage, orderListQuery, toOrders } from './api.ts'
import { distinctOrders, pendingUpdates, shownOrders } from './shown-orders.ts'

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
  const apply = useCallback(() => void refetch(), [refetch])
  const newest = live ?? pages?.at(-1)
  const translations = useMemo(
    () => Object.fromEntries([...(pages ?? []), live].flatMap((answer) => Object.entries(answer?.translations ?? {}))),
    [pages, live],
  )
  return { query, rows, updates, apply, newest, translations }
}
