import type { MessageAttempt } from '@stagewatch/shared/contract/message-log.ts'
import type { ChannelMessage } from '@stagewatch/shared/contract/messages.ts'
import { guardedPost } from '../connections/guarded-post.ts'
import { AccessTokens } from './access-tokens.ts'
import type { Attempted, ChannelContext, Verdict } from './channel.ts'
import { attemptMs } from './claim-batch.ts'
import { tokenIn } from './link-tokens.ts'
import { verdictOfError } from './read-answer.ts'
import type { Rendering } from './render-message.ts'
import { cut } from './render-message.ts'
import type { Sender } from './sender.ts'

/** Timeout of one request; applications make up to three. */
const requestMs = 9_000
const maxAnswer = 500
/** Shared by all channels of this server instance. */
const tokens = new AccessTokens()

export type SendingContext = Pick<ChannelContext, 'allowsPrivate' | 'mailServer'>

export interface SendingAttempt {
  readonly to: string
  readonly rendered: Rendering
  readonly messages: readonly ChannelMessage[]
  readonly id: string
}

/** One attempt. Never throws, and its result contains no secrets. */
export async function attemptSending(
  sender: Sender,
  sending: SendingAttempt,
  now: number,
  { allowsPrivate, mailServer }: SendingContext,
): Promise<Attempted> {
  const signal = AbortSignal.timeout(attemptMs)
  const context: ChannelContext = {
    now,
    allowsPrivate,
    mailServer,
    tokens,
    signal,
    post: (request) => guardedPost({ timeoutMs: requestMs, ...request, allowsPrivate, signal }),
  }
  try {
    const { verdict, status, answer } = await sender.send(sending, context)
    const inLinks = sending.messages.flatMap(({ link }) => tokenIn(link) ?? [])
    const secrets = [...sender.secrets, ...inLinks]
    return {
      verdict: 'reason' in verdict ? { ...verdict, reason: shown(verdict.reason, secrets) } : verdict,
      status,
      answer: answer === undefined ? undefined : shown(answer, secrets),
    }
  } catch (error) {
    return { verdict: verdictOfError(error) }
  }
}

/** The part of an attempt that is stored in the delivery log. */
export function loggedAttempt(
  { verdict, status, answer }: Attempted,
  at: number,
  merged: number,
  result: MessageAttempt['result'],
): MessageAttempt {
  return {
    at,
    result,
    merged,
    ...('reason' in verdict && { reason: verdict.reason }),
    ...('cause' in verdict && verdict.cause !== undefined && { cause: verdict.cause }),
    ...('code' in verdict && verdict.code !== undefined && { code: cut(verdict.code, 100) }),
    ...(status !== undefined && Number.isInteger(status) && { status }),
    ...(answer !== undefined && { answer }),
  }
}

export function providerIdOf(verdict: Verdict): string | undefined {
  return 'providerId' in verdict && verdict.providerId !== undefined ? cut(verdict.providerId, 200) : undefined
}

/** An answer may echo the request: removes all secrets, and the secret parts of URLs. */
function shown(text: string, secrets: readonly string[]): string {
  const parts = secrets.flatMap((secret) => [secret, ...partsOf(secret)]).filter((part) => part.length >= 6)
  const ordered = parts.toSorted((a, b) => b.length - a.length)
  return cut(
    ordered.reduce((rest, part) => rest.replaceAll(part, '••••'), text),
    maxAnswer,
  )
}

function partsOf(secret: string): string[] {
  if (!URL.canParse(secret)) return [encodeURIComponent(secret)]
  const { pathname, searchParams } = new URL(secret)
  return [...pathname.split('/').filter((part) => part.length >= 16), ...searchParams.values()]
}
