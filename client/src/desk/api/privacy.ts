import { queryOptions } from '@tanstack/react-query'
import { privacy } from '@stagewatch/shared/contract/privacy.ts'
import { askServer } from './ask-server.ts'

/** Whoever edits is to see what somebody else has saved since. */
const refreshEveryMs = 15_000

export const privacyQuery = (site: string) =>
  queryOptions({
    queryKey: ['privacy', site],
    queryFn: ({ signal }) => askServer({ path: '/api/v1/privacy', answer: privacy, site, signal }),
    refetchInterval: refreshEveryMs,
  })
