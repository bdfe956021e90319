import { sitePrivacy } from '@stagewatch/shared/contract/privacy.ts'
import type { Privacy } from '@stagewatch/shared/domain/access/privacy.ts'
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { request } from '../../api/request.ts'
import { useMe } from '../../api/session.ts'

/** Shows users who are editing what somebody else has saved since. */
const refetchEveryMs = 15_000

export const privacyQuery = (site: string) =>
  queryOptions({
    queryKey: ['privacy', site],
    queryFn: ({ signal }) => request({ path: '/api/v1/privacy', response: sitePrivacy, site, signal }),
    refetchInterval: refetchEveryMs,
  })

/** @param version of the overwritten settings; after a conflict they are fetched again. */
export function useSavePrivacy(version: string) {
  const { site } = useMe()
  const queries = useQueryClient()
  const { queryKey } = privacyQuery(site)
  return useMutation({
    mutationFn: (body: Privacy) =>
      request({ path: '/api/v1/privacy', method: 'PUT', body, version, response: sitePrivacy, site }),
    onSuccess: async (saved) => {
      queries.setQueryData(queryKey, saved)
      await queries.invalidateQueries({ queryKey: ['me'] })
    },
    onError: () => queries.invalidateQueries({ queryKey }),
  })
}
