import { erasure, erasureList } from '@stagewatch/shared/contract/erasures.ts'
import type { ErasureRequest } from '@stagewatch/shared/contract/erasures.ts'
import { sitePrivacy } from '@stagewatch/shared/contract/privacy.ts'
import type { Privacy } from '@stagewatch/shared/domain/access/audience.ts'
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

/** Until a removal is done, its progress is followed. */
const followErasureEveryMs = 2_000

export const erasuresQuery = (site: string) =>
  queryOptions({
    queryKey: ['erasures', site],
    queryFn: ({ signal }) => request({ path: '/api/v1/erasures', response: erasureList, site, signal }),
    refetchInterval: ({ state }) =>
      state.data?.erasures.some(({ doneAt }) => doneAt === undefined) === true ? followErasureEveryMs : false,
  })

export function useRequestErasure() {
  const { site } = useMe()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: ErasureRequest) =>
      request({ path: '/api/v1/erasures', method: 'POST', body, response: erasure, site }),
    onSuccess: () => queries.invalidateQueries({ queryKey: erasuresQuery(site).queryKey }),
  })
}
