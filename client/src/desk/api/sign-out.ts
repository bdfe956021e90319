import { askServer, noAnswer } from './ask-server.ts'

export function signOut(): Promise<unknown> {
  return askServer({ path: '/api/auth/sign-out', method: 'POST', body: {}, answer: noAnswer })
}
