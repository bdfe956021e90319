import { askServer, noAnswer } from './ask-server.ts'

/** With six digits of the app, or with one of the backup codes. */
export function confirmSecondFactor(code: string): Promise<unknown> {
  const isOfApp = /^\d{6}$/.test(code)
  const path = isOfApp ? '/api/auth/two-factor/verify-totp' : '/api/auth/two-factor/verify-backup-code'
  return askServer({ path, method: 'POST', body: { code }, answer: noAnswer })
}
