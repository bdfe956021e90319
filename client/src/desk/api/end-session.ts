import { askServer, noAnswer } from './ask-server.ts'

export function endSession(token: string): Promise<unknown> {
  return askServer({ path: '/api/auth/revoke-session', method: 'POST', body: { token }, answer: noAnswer })
}
