import type { LoggedEvent, OrderDetail } from '@stagewatch/shared/contract/orders.ts'
import { orderDetail } from '@stagewatch/shared/contract/orders.ts'
import { useInfiniteQuery } from '@tanstack/react-query'
import { request } from '../../api/request.ts'

interface FurtherEvents {
  readonly events: readonly LoggedEvent[]
  /** Undefined: there are no more. */
  readonly loadMore: (() => void) | undefined
  readonly isLoading: boolean
  readonly error: Error | null
}

const noCursor = ''

/** The events of a long order behind the first page, each page when somebody asks for it. */
export function useFurtherEvents(site: string, order: string, cursor: OrderDetail['eventsCursor']): FurtherEvents {
  const query = useInfiniteQuery({
    queryKey: ['order', site, order, 'events', cursor],
    queryFn: ({ signal, pageParam }) => {
      const search = new URLSearchParams({ eventsCursor: pageParam }).toString()
      return request({
        path: `/api/v1/orders/${encodeURIComponent(order)}?${search}`,
        response: orderDetail,
        site,
        signal,
      })
    },
    initialPageParam: cursor ?? noCursor,
    getNextPageParam: ({ eventsCursor }) => eventsCursor,
    enabled: false,
  })
  const { data, isFetching, error } = query
  const hasMore = data === undefined ? cursor !== undefined : query.hasNextPage
  return {
    events: data?.pages.flatMap(({ events }) => events) ?? [],
    loadMore: hasMore ? () => void query.fetchNextPage() : undefined,
    isLoading: isFetching,
    error,
  }
}
