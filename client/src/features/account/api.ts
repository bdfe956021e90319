import { profile, type ProfileSettings } from '@stagewatch/shared/contract/profile.ts'
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { z } from 'zod'
import { request, ignoredResponse } from '../../api/request.ts'

const session = z.object({
  token: z.string(),
  createdAt: z.coerce.date(),
  ipAddress: z.string().nullish(),
  userAgent: z.string().nullish(),
})
const current = z.object({ session: z.object({ token: z.string() }) })

/** Another browser may have saved since. */
const refetchEveryMs = 15_000

/** The user's sessions, and which of them belongs to this browser. */
export const sessionsQuery = queryOptions({
  queryKey: ['sessions'],
  queryFn: async ({ signal }) => {
    const [sessions, own] = await Promise.all([
      request({ path: '/api/auth/list-sessions', response: z.array(session), signal }),
      request({ path: '/api/auth/get-session', response: current, signal }),
    ])
    return sessions
      .map(({ token, createdAt, ...rest }) => ({ ...rest, token, createdAt, isCurrent: token === own.session.token }))
      .toSorted((a, b) => b.createdAt.getTime() - a.createdAt.getTime())
  },
})

export function endSession(token: string): Promise<unknown> {
  return request({ path: '/api/auth/revoke-session', method: 'POST', body: { token }, response: ignoredResponse })
}

export const profileQuery = queryOptions({
  queryKey: ['profile'],
  queryFn: ({ signal }) => request({ path: '/api/v1/me/profile', response: profile, signal }),
  refetchInterval: refetchEveryMs,
})

/** Saves the user's profile. After a conflict it is fetched again, so that the form shows both versions. */
export function useSaveProfile(version: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: ProfileSettings) =>
      request({ path: '/api/v1/me/profile', method: 'PUT', body, version, response: profile }),
    onSuccess: async (saved) => {
      queries.setQueryData(profileQuery.queryKey, saved)
      await queries.invalidateQueries({ queryKey: ['me'] })
    },
    onError: () => queries.invalidateQueries({ queryKey: profileQuery.queryKey }),
  })
}

/** Also ends the other sessions, so that nobody who knew the old password stays signed in. */
export function changePassword(currentPassword: string, newPassword: string): Promise<unknown> {
  return request({
    path: '/api/auth/change-password',
    method: 'POST',
    body: { currentPassword, newPassword },
    response: ignoredResponse,
  })
}

const begun = z.object({ totpURI: z.string(), backupCodes: z.array(z.string()) })
export type TwoFactorBegun = z.infer<typeof begun>

/** Creates a secret. It takes effect once the first code has been confirmed. */
export function beginTwoFactor(password: string): Promise<TwoFactorBegun> {
  return request({ path: '/api/auth/two-factor/enable', method: 'POST', body: { password }, response: begun })
}

export function switchOffTwoFactor(password: string): Promise<unknown> {
  return request({
    path: '/api/auth/two-factor/disable',
    method: 'POST',
    body: { password },
    response: ignoredResponse,
  })
}
