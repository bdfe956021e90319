import { me as meResponse, type Me, signInOptions } from '@stagewatch/shared/contract/me.ts'
import { queryOptions } from '@tanstack/react-query'
import { createContext, useContext } from 'react'
import { z } from 'zod'
import { request, ignoredResponse } from './request.ts'

/** What somebody may do can change while they look. */
const refreshEveryMs = 30_000

/** @param site undefined: the one that the server takes for the person's. */
export const meQuery = (site: string | undefined) =>
  queryOptions({
    queryKey: ['me', site],
    queryFn: ({ signal }) => request({ path: '/api/v1/me', response: meResponse, site, signal }),
    refetchInterval: refreshEveryMs,
  })

export const MeContext = createContext<Me | undefined>(undefined)

/** Who is signed in; only pages inside the shell ask. */
export function useMe(): Me {
  const me = useContext(MeContext)
  if (me === undefined) throw new Error('nobody is signed in outside of the shell')
  return me
}

export const signInOptionsQuery = queryOptions({
  queryKey: ['sign-in'],
  queryFn: ({ signal }) => request({ path: '/api/v1/sign-in', response: signInOptions, signal }),
})

const signedIn = z.object({ twoFactorRedirect: z.boolean().optional() })

/** Whether a second factor is asked for before the person is signed in. */
export async function signIn(email: string, password: string): Promise<{ needsSecondFactor: boolean }> {
  const body = { email, password }
  const { twoFactorRedirect } = await request({
    path: '/api/auth/sign-in/email',
    method: 'POST',
    body,
    response: signedIn,
  })
  return { needsSecondFactor: twoFactorRedirect === true }
}

/** With six digits of the app, or with one of the backup codes. */
export function confirmSecondFactor(code: string): Promise<unknown> {
  const isOfApp = /^\d{6}$/.test(code)
  const path = isOfApp ? '/api/auth/two-factor/verify-totp' : '/api/auth/two-factor/verify-backup-code'
  return request({ path, method: 'POST', body: { code }, response: ignoredResponse })
}

/** Proves again who is signed in: with the password, or with a code of the second factor. */
export function confirmIdentity(proof: { readonly password: string } | { readonly code: string }): Promise<unknown> {
  return request({ path: '/api/v1/me/confirm', method: 'POST', body: proof, response: ignoredResponse })
}

export function signOut(): Promise<unknown> {
  return request({ path: '/api/auth/sign-out', method: 'POST', body: {}, response: ignoredResponse })
}
