import { queryOptions, useQuery } from '@tanstack/react-query'
import { ApiError, ignoredResponse, request } from './request.ts'
import { serverTime } from './server-time.ts'

export type Health = 'ready' | 'starting' | 'databaseAway' | 'diskFull' | 'unreachable'

/** A network that drops packets would otherwise leave the request pending for minutes. */
const timeoutMs = 4_000
const refetchEveryMs = 10_000

export const healthQuery = queryOptions({
  queryKey: ['health'],
  queryFn: ({ signal }) => loadHealth(signal),
  refetchInterval: refetchEveryMs,
  // The next refetch is the retry.
  retry: false,
})

/** When the server last was ready, epoch ms by the device's clock; at first, when it delivered this page. */
let readyAt = Date.now()

/** When the server last was ready, epoch ms by its own clock. */
export function lastReadyAt(): number {
  return serverTime(readyAt)
}

/** Undefined until the first check has finished. */
export function useHealth(): Health | undefined {
  return useQuery(healthQuery).data
}

/** Whether the server is usable and, if not, why. An unreachable server is a result too, not an error. */
export async function loadHealth(signal: AbortSignal): Promise<Health> {
  try {
    await request({ path: '/readyz', response: ignoredResponse, signal, timeoutMs })
    readyAt = Date.now()
    return 'ready'
  } catch (error) {
    if (signal.aborted) throw error
    return healthOf(error)
  }
}

/** An error without a request id comes from a proxy in front of the server. */
function healthOf(error: unknown): Health {
  if (!(error instanceof ApiError) || error.requestId === undefined) return 'unreachable'
  if (error.code === 'disk_full') return 'diskFull'
  return error.details.some(({ field }) => field === 'database') ? 'databaseAway' : 'starting'
}
