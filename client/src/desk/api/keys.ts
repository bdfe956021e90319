import { queryOptions } from '@tanstack/react-query'
import { keyList } from '@stagewatch/shared/contract/admin.ts'
import { askServer } from './ask-server.ts'

export const keysQuery = (site: string) =>
  queryOptions({
    queryKey: ['keys', site],
    queryFn: ({ signal }) => askServer({ path: '/api/v1/keys', answer: keyList, site, signal }),
  })
