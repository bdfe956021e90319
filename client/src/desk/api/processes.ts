import { queryOptions } from '@tanstack/react-query'
import { processList } from '@stagewatch/shared/contract/admin.ts'
import { askServer } from './ask-server.ts'

export const processesQuery = (site: string) =>
  queryOptions({
    queryKey: ['processes', site],
    queryFn: ({ signal }) => askServer({ path: '/api/v1/admin/processes', answer: processList, site, signal }),
  })
