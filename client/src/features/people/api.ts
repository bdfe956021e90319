import {
  invitationCreated,
  peopleList,
  type invitationRequest,
  type Membership,
  type PeopleList,
} from '@stagewatch/shared/contract/people.ts'
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import type { z } from 'zod'
import { ignoredResponse, request } from '../../api/request.ts'
import { useMe } from '../../api/session.ts'

/** Shows users who are editing what somebody else has saved since. */
const refetchEveryMs = 15_000

export const peopleQuery = (site: string) =>
  queryOptions({
    queryKey: ['people', site],
    queryFn: ({ signal }) => request({ path: '/api/v1/people', response: peopleList, site, signal }),
    refetchInterval: refetchEveryMs,
  })

/** Saves a person's permissions. After a conflict the list is fetched again, so that the editor shows both versions. */
export function useSaveMembership({ id, version }: Pick<PeopleList['people'][number], 'id' | 'version'>) {
  const { site } = useMe()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: Membership) =>
      request({ path: personPath(id), method: 'PUT', body, version, response: ignoredResponse, site }),
    // The user may have changed their own permissions.
    onSuccess: () => Promise.all(['people', 'me'].map((key) => queries.invalidateQueries({ queryKey: [key] }))),
    onError: () => queries.invalidateQueries({ queryKey: peopleQuery(site).queryKey }),
  })
}

export function useRemovePerson() {
  const { site } = useMe()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => request({ path: personPath(id), method: 'DELETE', response: ignoredResponse, site }),
    onSuccess: () => queries.invalidateQueries({ queryKey: peopleQuery(site).queryKey }),
  })
}

/** Actions of an administrator on a person's account. */
export type AccountAction = 'end-sessions' | 'disable' | 'enable'

export function useAccountAction(id: string) {
  const { site } = useMe()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (action: AccountAction) =>
      request({ path: `${personPath(id)}/${action}`, method: 'POST', body: {}, response: ignoredResponse, site }),
    onSuccess: () => queries.invalidateQueries({ queryKey: peopleQuery(site).queryKey }),
  })
}

export function useInvite() {
  const { site } = useMe()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: z.output<typeof invitationRequest>) =>
      request({ path: '/api/v1/invitations', method: 'POST', body, response: invitationCreated, site }),
    onSuccess: () => queries.invalidateQueries({ queryKey: peopleQuery(site).queryKey }),
  })
}

export function useWithdrawInvitation() {
  const { site } = useMe()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (id: string) =>
      request({
        path: `/api/v1/invitations/${encodeURIComponent(id)}`,
        method: 'DELETE',
        response: ignoredResponse,
        site,
      }),
    onSuccess: () => queries.invalidateQueries({ queryKey: peopleQuery(site).queryKey }),
  })
}

function personPath(id: string): string {
  return `/api/v1/people/${encodeURIComponent(id)}`
}
