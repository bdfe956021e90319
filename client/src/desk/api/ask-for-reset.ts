import { askServer, noAnswer } from './ask-server.ts'

/** Sends a link by mail if there is such an account; the answer does not tell whether. */
export function askForReset(email: string): Promise<unknown> {
  return askServer({
    path: '/api/auth/request-password-reset',
    method: 'POST',
    body: { email, redirectTo: '/reset' },
    answer: noAnswer,
  })
}
