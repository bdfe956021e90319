import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { changeList } from '@stagewatch/shared/contract/changes.ts'
import { askServer } from './ask-server.ts'

/** The newest `limit` changes, the newest first; while a longer list is fetched the shorter one stays. */
export const changesQuery = (site: string, limit: number) =>
  queryOptions({
    queryKey: ['changes', site, limit],
    queryFn: ({ signal }) =>
      askServer({ path: `/api/v1/admin/changes?limit=${limit}`, answer: changeList, site, signal }),
    placeholderData: keepPreviousData,
  })
