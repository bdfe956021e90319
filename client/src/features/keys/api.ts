import { keyCreated, keyList, type KeyRequest } from '@stagewatch/shared/contract/admin.ts'
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { ignoredResponse, request } from '../../api/request.ts'
import { useMe } from '../../api/session.ts'

export const keysQuery = (site: string) =>
  queryOptions({
    queryKey: ['keys', site],
    queryFn: ({ signal }) => request({ path: '/api/v1/keys', response: keyList, site, signal }),
  })

export function useCreateKey() {
  const { site } = useMe()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: KeyRequest) =>
      request({ path: '/api/v1/admin/keys', method: 'POST', body, response: keyCreated, site }),
    onSuccess: () => queries.invalidateQueries({ queryKey: keysQuery(site).queryKey }),
  })
}

export function useRevokeKey() {
  const { site } = useMe()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (id: string) =>
      request({
        path: `/api/v1/keys/${encodeURIComponent(id)}`,
        method: 'DELETE',
        response: ignoredResponse,
        site,
      }),
    onSuccess: () => queries.invalidateQueries({ queryKey: keysQuery(site).queryKey }),
  })
}
