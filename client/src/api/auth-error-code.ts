import { z } from 'zod'

/** Error codes of the sign-in service that have a text of their own; all others get a generic text. */
export const authErrorCodes = [
  'INVALID_EMAIL_OR_PASSWORD',
  'INVALID_PASSWORD',
  'PASSWORD_TOO_SHORT',
  'CREDENTIAL_ACCOUNT_NOT_FOUND',
  'INVALID_TOKEN',
  'SESSION_NOT_FRESH',
  'INVALID_CODE',
  'INVALID_BACKUP_CODE',
  'INVALID_TWO_FACTOR_COOKIE',
  'TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE',
  'ACCOUNT_TEMPORARILY_LOCKED',
  'ACCOUNT_DISABLED',
] as const

export type AuthErrorCode = (typeof authErrorCodes)[number]

export function isAuthErrorCode(code: string | undefined): code is AuthErrorCode {
  return authErrorCodes.some((known) => known === code)
}

const authErrorBody = z.object({ code: z.enum(authErrorCodes) })

/** Undefined: the body does not come from the sign-in service, or its code is not one of `authErrorCodes`. */
export function authErrorCode(body: unknown): AuthErrorCode | undefined {
  return authErrorBody.safeParse(body).data?.code
}
