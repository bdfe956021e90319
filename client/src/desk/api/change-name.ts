import { askServer, noAnswer } from './ask-server.ts'

export function changeName(name: string): Promise<unknown> {
  return askServer({ path: '/api/auth/update-user', method: 'POST', body: { name }, answer: noAnswer })
}
