import { me, type Me } from '@stagewatch/shared/contract/me.ts'
import { queryOptions } from '@tanstack/react-query'
import { healthQuery } from '../api/health.ts'
import { ApiError, request } from '../api/request.ts'
import { loadStartInfo } from '../api/start-info.ts'

/** The counts scan the whole log; the health check is cheap. */
const infoEveryMs = 15_000
const healthEveryMs = 5_000

export const startInfoQuery = queryOptions({
  queryKey: ['start'],
  queryFn: ({ signal }) => loadStartInfo(signal),
  refetchInterval: infoEveryMs,
  // The next refetch is the retry.
  retry: false,
})

export const startHealthQuery = queryOptions({ ...healthQuery, refetchInterval: healthEveryMs })

/** Null if nobody is signed in. */
export const personQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => loadPerson(signal),
  retry: false,
})

async function loadPerson(signal: AbortSignal): Promise<Me | null> {
  try {
    const found = await request({ path: '/api/v1/me', response: me, signal })
    return found.kind === 'person' ? found : null
  } catch (error) {
    if (error instanceof ApiError) return null
    throw error
  }
}
