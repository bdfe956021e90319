import { changeList } from '@stagewatch/shared/contract/changes.ts'
import { infiniteQueryOptions } from '@tanstack/react-query'
import { request } from '../../api/request.ts'

const pageSize = 50

/** The changes of a site, newest first, one page at a time. */
export const changesQuery = (site: string) =>
  infiniteQueryOptions({
    queryKey: ['changes', site],
    queryFn: ({ signal, pageParam }) => {
      const cursor = pageParam === '' ? '' : `&cursor=${encodeURIComponent(pageParam)}`
      return request({
        path: `/api/v1/admin/changes?limit=${pageSize}${cursor}`,
        response: changeList,
        site,
        signal,
      })
    },
    initialPageParam: '',
    getNextPageParam: ({ cursor }) => cursor,
  })
