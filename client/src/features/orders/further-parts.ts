import type { OrderDetail } from '@stagewatch/shared/contract/orders.ts'
import { orderDetail } from '@stagewatch/shared/contract/orders.ts'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { request } from '../../api/request.ts'
import { useMe } from '../../api/session.ts'

type Part = 'events' | 'visits'

export interface FurtherParts {
  /** The pages that are loaded, in order. */
  readonly pages: readonly OrderDetail[]
  /** Undefined: there are no more. */
  readonly loadMore: (() => void) | undefined
  readonly isLoading: boolean
  readonly error: Error | null
}

const noCursor = ''

/**
 * What a long order has behind its first page, each page when somebody asks for it. What is loaded is loaded again when
 * something has happened to the order.
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

/** The visit that the order is in, or was in last; undefined: there is none, or it is not loaded yet. */
export function lastVisitOf({ visits, visitCount }: Pick<OrderDetail, 'visits' | 'visitCount'>) {
  return visits.length === visitCount ? visits.at(-1) : undefined
}
