import type { setupRequest } from '@stagewatch/shared/contract/me.ts'
import type { invitationAcceptance } from '@stagewatch/shared/contract/people.ts'
import type { Role } from '@stagewatch/shared/domain/access/action.ts'
import { z } from 'zod'
import { request, ignoredResponse } from '../../api/request.ts'

const elsewhere = z.object({ url: z.string() })

/** URL of the single sign-on provider, which redirects back to the path after the sign-in. */
export async function signInElsewhere(callbackURL: string): Promise<string> {
  const body = { provider: 'oidc', callbackURL, errorCallbackURL: '/sign-in' }
  return (await request({ path: '/api/auth/sign-in/social', method: 'POST', body, response: elsewhere })).url
}

export function enterSample(role: Role): Promise<unknown> {
  return request({ path: '/api/v1/sample/enter', method: 'POST', body: { role }, response: ignoredResponse })
}

export function setUp(body: z.input<typeof setupRequest>): Promise<unknown> {
  return request({ path: '/api/v1/setup', method: 'POST', body, response: ignoredResponse })
}

export function acceptInvitation(body: z.input<typeof invitationAcceptance>): Promise<unknown> {
  return request({ path: '/api/v1/invitations/accept', method: 'POST', body, response: ignoredResponse })
}

/** Sends a link by email if the account exists; the response does not reveal whether it does. */
export function requestPasswordReset(email: string): Promise<unknown> {
  return request({
    path: '/api/auth/request-password-reset',
    method: 'POST',
    body: { email, redirectTo: '/reset' },
    response: ignoredResponse,
  })
}

export function resetPassword(token: string, newPassword: string): Promise<unknown> {
  return request({
    path: '/api/auth/reset-password',
    method: 'POST',
    body: { token, newPassword },
    response: ignoredResponse,
  })
}
