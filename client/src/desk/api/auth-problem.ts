/** What the sign-in service refuses with; anything else is told in general words. */
export const authProblems = [
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
] as const

export type AuthProblem = (typeof authProblems)[number]

export function isAuthProblem(code: string | undefined): code is AuthProblem {
  return authProblems.some((known) => known === code)
}
