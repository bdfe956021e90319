import { queryOptions, useQuery } from '@tanstack/react-query'
import { loadHealth, type Health } from '../../live/load-health.ts'

const everyMs = 10_000

const healthQuery = queryOptions({
  queryKey: ['health'],
  queryFn: ({ signal }) => loadHealth(signal),
  refetchInterval: everyMs,
})

/** Undefined: not known yet. */
export function useHealth(): Health | undefined {
  return useQuery(healthQuery).data
}
