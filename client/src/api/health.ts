import { queryOptions, useQuery } from '@tanstack/react-query'
import { ApiError, ignoredResponse, request } from './request.ts'

export type Health = 'ready' | 'starting' | 'databaseAway' | 'diskFull' | 'unreachable'

/** A network that drops packets gives no answer for minutes. */
const timeoutMs = 4_000
const refetchEveryMs = 10_000

export const healthQuery = queryOptions({
  queryKey: ['health'],
  queryFn: ({ signal }) => loadHealth(signal),
  refetchInterval: refetchEveryMs,
  // The next refetch is the retry.
  retry: false,
})

/** Undefined: not known yet. */
export function useHealth(): Health | undefined {
  return useQuery(healthQuery).data
}

/** Whether the server can be used now, and if not, why; a server that cannot be reached is a result too. */
export async function loadHealth(signal: AbortSignal): Promise<Health> {
  try {
    await request({ path: '/readyz', response: ignoredResponse, signal, timeoutMs })
    return 'ready'
  } catch (error) {
    if (signal.aborted) throw error
    return healthOf(error)
  }
}

/** An error without the id of a request comes from a proxy in front of the server. */
function healthOf(error: unknown): Health {
  if (!(error instanceof ApiError) || error.requestId === undefined) return 'unreachable'
  if (error.code === 'disk_full') return 'diskFull'
  return error.details.some(({ field }) => field === 'database') ? 'databaseAway' : 'starting'
}
