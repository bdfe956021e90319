import { queryOptions } from '@tanstack/react-query'
import { peopleList } from '@stagewatch/shared/contract/people.ts'
import { askServer } from './ask-server.ts'

/** Whoever edits is to see what somebody else has saved since. */
const refreshEveryMs = 15_000

export const peopleQuery = (site: string) =>
  queryOptions({
    queryKey: ['people', site],
    queryFn: ({ signal }) => askServer({ path: '/api/v1/people', answer: peopleList, site, signal }),
    refetchInterval: refreshEveryMs,
  })
