import { hash } from 'node:crypto'
import type { GuardedPost, PostAnswer } from '../connections/guarded-post.ts'
import type { Attempted, ChannelContext, Verdict } from './channel.ts'
import { attempted } from './read-answer.ts'

/** How long before its end a token is no longer used, so that it does not expire on its way. */
const marginS = 300

/** An application of a provider whose requests carry an access token. */
export interface TokenApp {
  /** Everything that the token depends on: provider, endpoint, id and secret. */
  readonly identity: readonly string[]
  readonly tokenRequest: Omit<GuardedPost, 'allowsPrivate' | 'signal'>
  /** Undefined: the answer has none. */
  readonly tokenIn: (answer: PostAnswer) => { readonly token: string; readonly expiresInS: number } | undefined
  readonly verdictOf: (answer: PostAnswer) => Verdict
  /** Whether the provider does not accept the token any more. */
  readonly isTokenRefused: (answer: PostAnswer) => boolean
}

/** Sends a request with a token, and once more with a new one if the provider does not accept a stored token. */
export async function sendWithToken(
  app: TokenApp,
  { post, tokens, now }: ChannelContext,
  send: (token: string) => Promise<PostAnswer>,
): Promise<Attempted> {
  const key = hash('sha256', JSON.stringify(app.identity), 'hex')
  const stored = tokens.find(key, now)
  if (stored !== undefined) {
    const answer = await send(stored)
    if (!app.isTokenRefused(answer)) return attempted(answer, app.verdictOf(answer))
    tokens.forget(key, stored)
  }
  const reply = await post(app.tokenRequest)
  const issued = app.tokenIn(reply)
  // The answer is not logged: it might contain a token in an unexpected place.
  if (issued === undefined) return { verdict: withoutToken(app.verdictOf(reply)), status: reply.status }
  tokens.keep(key, issued.token, now + (issued.expiresInS - marginS) * 1_000)
  const answer = await send(issued.token)
  if (app.isTokenRefused(answer)) tokens.forget(key, issued.token)
  return attempted(answer, app.verdictOf(answer))
}

function withoutToken(verdict: Verdict): Verdict {
  const isFailure = verdict.kind === 'refused' || verdict.kind === 'retry'
  return isFailure ? verdict : { kind: 'retry', reason: 'the provider returned no access token' }
}
