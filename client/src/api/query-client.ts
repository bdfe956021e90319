import { QueryClient, type DefaultOptions } from '@tanstack/react-query'

/**
 * Asks the server whatever the browser thinks of its network: a question that waits for a network is never answered,
 * so a page would go on saying that it is connected, and a change would be sent long after somebody has asked for it.
 */
export function newQueryClient(queries: DefaultOptions['queries'] = {}): QueryClient {
  return new QueryClient({
    defaultOptions: {
      // Left to itself it takes the mode to mean that a network which comes back changes nothing.
      queries: { networkMode: 'always', refetchOnReconnect: true, ...queries },
      mutations: { networkMode: 'always', retry: false },
    },
  })
}
