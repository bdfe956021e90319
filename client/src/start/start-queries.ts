import { queryOptions } from '@tanstack/react-query'
import { loadStartInfo } from '../live/load-start-info.ts'
import { loadHealth } from './load-health.ts'

const refreshEveryMs = 5_000

export const startInfoQuery = queryOptions({
  queryKey: ['start'],
  queryFn: ({ signal }) => loadStartInfo(signal),
  refetchInterval: refreshEveryMs,
  // The next refresh is the retry.
  retry: false,
})

export const healthQuery = queryOptions({
  queryKey: ['health'],
  queryFn: ({ signal }) => loadHealth(signal),
  refetchInterval: refreshEveryMs,
  retry: false,
})
