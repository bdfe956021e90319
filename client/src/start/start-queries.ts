import { queryOptions } from '@tanstack/react-query'
import { loadStartInfo } from '../live/load-start-info.ts'
import { loadMe } from './load-me.ts'
import { loadHealth } from '../live/load-health.ts'

/** The numbers count a whole log; the health is one bit. */
const infoEveryMs = 15_000
const healthEveryMs = 5_000

export const startInfoQuery = queryOptions({
  queryKey: ['start'],
  queryFn: ({ signal }) => loadStartInfo(signal),
  refetchInterval: infoEveryMs,
  // The next refresh is the retry.
  retry: false,
})

export const healthQuery = queryOptions({
  queryKey: ['health'],
  queryFn: ({ signal }) => loadHealth(signal),
  refetchInterval: healthEveryMs,
  retry: false,
})

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => loadMe(signal),
  retry: false,
})
