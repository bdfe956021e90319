import { queryOptions } from '@tanstack/react-query'
import { screenList } from '@stagewatch/shared/contract/screen.ts'
import { askServer } from './ask-server.ts'

/** As often as screens report. */
const refreshEveryMs = 15_000

export const screensQuery = (site: string) =>
  queryOptions({
    queryKey: ['screens', site],
    queryFn: ({ signal }) => askServer({ path: '/api/v1/screens', answer: screenList, site, signal }),
    refetchInterval: refreshEveryMs,
  })
