import { QueryClient, type DefaultOptions } from '@tanstack/react-query'

/**
 * Sends requests regardless of the browser's online status. A query that waits for a network never fails, so the page
 * would keep claiming to be connected, and a queued mutation would be sent long after the user asked for it.
 */
export function newQueryClient(queries: DefaultOptions['queries'] = {}): QueryClient {
  return new QueryClient({
    defaultOptions: {
      // With `networkMode: 'always'`, `refetchOnReconnect` defaults to false.
      queries: { networkMode: 'always', refetchOnReconnect: true, ...queries },
      mutations: { networkMode: 'always', retry: false },
    },
  })
}
