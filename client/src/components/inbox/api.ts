import { inbox } from '@stagewatch/shared/contract/messages.ts'
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { request } from '../../api/request.ts'
import { useMe } from '../../api/session.ts'

/** Messages to the signed-in user. The socket keeps the list up to date. */
export const inboxQuery = (site: string) =>
  queryOptions({
    queryKey: ['inbox', site],
    queryFn: ({ signal }) => request({ path: '/api/v1/inbox', response: inbox, site, signal }),
    retry: false,
  })

export function useMarkRead() {
  const { site } = useMe()
  const queries = useQueryClient()
  return useMutation({
    /** @param ids undefined: all. */
    mutationFn: (ids: readonly string[] | undefined) =>
      request({
        path: '/api/v1/inbox/read',
        method: 'POST',
        body: ids === undefined ? {} : { ids },
        response: inbox,
        site,
      }),
    onSuccess: (data) => queries.setQueryData(inboxQuery(site).queryKey, data),
  })
}
