import { me as meResponse, type Me, signInOptions } from '@stagewatch/shared/contract/me.ts'
import type { Language } from '@stagewatch/shared/domain/locales.ts'
import { queryOptions } from '@tanstack/react-query'
import { createContext, useContext } from 'react'
import { z } from 'zod'
import { ownTimeZone } from '../format/time-zone.ts'
import { request, ignoredResponse } from './request.ts'

/** A user's permissions can change while a page is open. */
const refreshEveryMs = 30_000

/** @param site undefined: the user's default site on the server. */
export const meQuery = (site: string | undefined) =>
  queryOptions({
    queryKey: ['me', site],
    queryFn: ({ signal }) => request({ path: '/api/v1/me', response: meResponse, site, signal }),
    refetchInterval: refreshEveryMs,
  })

export const MeContext = createContext<Me | undefined>(undefined)

/** The signed-in user; available only to pages inside the shell. */
export function useMe(): Me {
  const me = useContext(MeContext)
  if (me === undefined) throw new Error('nobody is signed in outside of the shell')
  return me
}

/** The time zone of the current site. */
export function useSiteTimeZone(): string {
  const { site, sites } = useMe()
  return sites.find(({ code }) => code === site)?.timeZone ?? ownTimeZone()
}

export const signInOptionsQuery = queryOptions({
  queryKey: ['sign-in'],
  queryFn: ({ signal }) => request({ path: '/api/v1/sign-in', response: signInOptions, signal }),
})

const signedIn = z.object({ twoFactorRedirect: z.boolean().optional() })

/** Signs in with a password. A second factor may still be required to complete the sign-in. */
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

/** @param code six digits of the authenticator app, or one of the backup codes. */
export function confirmSecondFactor(code: string): Promise<unknown> {
  const isOfApp = /^\d{6}$/.test(code)
  const path = isOfApp ? '/api/auth/two-factor/verify-totp' : '/api/auth/two-factor/verify-backup-code'
  return request({ path, method: 'POST', body: { code }, response: ignoredResponse })
}

/** Confirms the user's identity again, with the password or with a code of the second factor. */
export function confirmIdentity(proof: { readonly password: string } | { readonly code: string }): Promise<unknown> {
  return request({ path: '/api/v1/me/confirm', method: 'POST', body: proof, response: ignoredResponse })
}

/** Saves the user's language for all devices. */
export function saveLanguage(language: Language): Promise<unknown> {
  return request({ path: '/api/v1/me/language', method: 'PUT', body: { language }, response: ignoredResponse })
}

export function signOut(): Promise<unknown> {
  return request({ path: '/api/auth/sign-out', method: 'POST', body: {}, response: ignoredResponse })
}
