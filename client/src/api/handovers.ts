import { handoverList } from '@stagewatch/shared/contract/handover.ts'
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { request } from './request.ts'
import { apiSearch } from './search-params.ts'

/** While the page is looked at. */
export const handoversRefetchEveryMs = 15_000

/** How many handovers nobody has confirmed in time; the newest comes with the count. */
export const waitingHandoversQuery = (site: string) =>
  queryOptions({
    queryKey: ['handovers', site, 'waiting'],
    queryFn: ({ signal }) =>
      request({ path: '/api/v1/handovers?state=waiting&limit=1', response: handoverList, site, signal }),
    refetchInterval: handoversRefetchEveryMs,
  })

interface HandoversQuestion {
  readonly department: string | undefined
  readonly state: 'all' | 'waiting'
}

/** The handovers of a department, or of all that the reader sees; the newest first, a page at a time. */
export const handoversQuery = (site: string, { department, state }: HandoversQuestion) =>
  infiniteQueryOptions({
    queryKey: ['handovers', site, 'list', department ?? '', state],
    queryFn: ({ signal, pageParam }) => {
      const search = apiSearch({ department, state, before: pageParam === 0 ? undefined : pageParam })
      return request({ path: `/api/v1/handovers?${search}`, response: handoverList, site, signal })
    },
    initialPageParam: 0,
    getNextPageParam: ({ handovers, hasMore }) => (hasMore ? handovers.at(-1)?.id : undefined),
    refetchInterval: handoversRefetchEveryMs,
  })
