import type { OrderDetail } from '@stagewatch/shared/contract/orders.ts'
import { orderDetail } from '@stagewatch/shared/contract/orders.ts'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { request } from '../../api/request.ts'
import { useMe } from '../../api/session.ts'

type Part = 'events' | 'visits'

export interface FurtherParts {
  /** The loaded pages, in order. */
  readonly pages: readonly OrderDetail[]
  /** Undefined: there are no more pages. */
  readonly loadMore: (() => void) | undefined
  readonly isLoading: boolean
  readonly error: Error | null
}

const noCursor = ''

/**
 * The further pages of a long order, each loaded on demand. Loaded pages are refetched when something has happened to
 * the order.
 */
export function useFurtherParts(order: OrderDetail, part: Part): FurtherParts {
  const { site } = useMe()
  const { order: number, lastEventAt } = order
  const cursor = order[`${part}Cursor`]
  const query = useInfiniteQuery({
    queryKey: ['order', site, number, part, cursor],
    queryFn: ({ signal, pageParam }) => {
      const search = new URLSearchParams({ [`${part}Cursor`]: pageParam }).toString()
      return request({
        path: `/api/v1/orders/${encodeURIComponent(number)}?${search}`,
        response: orderDetail,
        site,
        signal,
      })
    },
    initialPageParam: cursor ?? noCursor,
    getNextPageParam: (page) => page[`${part}Cursor`],
    enabled: false,
  })
  const { data, isFetching, error, refetch } = query
  const isLoaded = data !== undefined
  const isOutdated = data?.pages.some((page) => page.lastEventAt < lastEventAt) === true
  useEffect(() => {
    if (isOutdated) void refetch()
  }, [isOutdated, refetch])
  const hasMore = isLoaded ? query.hasNextPage : cursor !== undefined
  return {
    pages: data?.pages ?? [],
    loadMore: hasMore ? () => void query.fetchNextPage() : undefined,
    isLoading: isFetching,
    error,
  }
}

/** The current or last visit of the order. Undefined: there is none, or it is not loaded yet. */
export function lastVisitOf({ visits, visitCount }: Pick<OrderDetail, 'visits' | 'visitCount'>) {
  return visits.length === visitCount ? visits.at(-1) : undefined
}
