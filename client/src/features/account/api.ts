import { queryOptions } from '@tanstack/react-query'
import { z } from 'zod'
import { request, ignoredResponse } from '../../api/request.ts'

const session = z.object({
  token: z.string(),
  createdAt: z.coerce.date(),
  ipAddress: z.string().nullish(),
  userAgent: z.string().nullish(),
})
const current = z.object({ session: z.object({ token: z.string() }) })

/** Where the person is signed in, and which of these is this browser. */
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

export function changeName(name: string): Promise<unknown> {
  return request({ path: '/api/v1/me', method: 'PUT', body: { name }, response: ignoredResponse })
}

/** Ends the other sessions, too: who knew the old password is out. */
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

/** Makes a secret; it counts from the first code that is confirmed. */
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
