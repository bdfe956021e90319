import { askServer, noAnswer } from './ask-server.ts'

export function resetPassword(token: string, newPassword: string): Promise<unknown> {
  return askServer({ path: '/api/auth/reset-password', method: 'POST', body: { token, newPassword }, answer: noAnswer })
}
