import { z } from 'zod'
import { askServer } from './ask-server.ts'

const elsewhere = z.object({ url: z.string() })

/** Where the single sign-on provider asks who it is; it leads back to the path. */
export async function signInElsewhere(callbackURL: string): Promise<string> {
  const body = { provider: 'oidc', callbackURL, errorCallbackURL: '/sign-in' }
  return (await askServer({ path: '/api/auth/sign-in/social', method: 'POST', body, answer: elsewhere })).url
}
