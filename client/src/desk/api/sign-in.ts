import { z } from 'zod'
import { askServer } from './ask-server.ts'

const signedIn = z.object({ twoFactorRedirect: z.boolean().optional() })

/** Whether a second factor is asked for before the person is signed in. */
export async function signIn(email: string, password: string): Promise<{ needsSecondFactor: boolean }> {
  const body = { email, password }
  const { twoFactorRedirect } = await askServer({
    path: '/api/auth/sign-in/email',
    method: 'POST',
    body,
    answer: signedIn,
  })
  return { needsSecondFactor: twoFactorRedirect === true }
}
