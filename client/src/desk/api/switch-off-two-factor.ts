import { askServer, noAnswer } from './ask-server.ts'

export function switchOffTwoFactor(password: string): Promise<unknown> {
  return askServer({ path: '/api/auth/two-factor/disable', method: 'POST', body: { password }, answer: noAnswer })
}
