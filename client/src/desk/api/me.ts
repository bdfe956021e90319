import { queryOptions } from '@tanstack/react-query'
import { me } from '@stagewatch/shared/contract/me.ts'
import { askServer } from './ask-server.ts'

/** What somebody may do can change while they look. */
const refreshEveryMs = 30_000

/** @param site undefined: the one that the server takes for the person's. */
export const meQuery = (site: string | undefined) =>
  queryOptions({
    queryKey: ['me', site],
    queryFn: ({ signal }) => askServer({ path: '/api/v1/me', answer: me, site, signal }),
    refetchInterval: refreshEveryMs,
  })
