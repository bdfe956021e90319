import type { FailureCause } from '@stagewatch/shared/contract/message-log.ts'
import { RefusedAddressError } from '../connections/address-guard.ts'
import { postFailure } from '../connections/guarded-post.ts'
import type { PostAnswer } from '../connections/guarded-post.ts'
import type { Attempted, Verdict } from './channel.ts'

/** The body of an answer if it is a JSON object. */
export function bodyOf({ text }: PostAnswer): Readonly<Record<string, unknown>> {
  try {
    const body: unknown = JSON.parse(text)
    return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}

/** Combines an answer with its verdict. */
export function attempted(answer: PostAnswer, verdict: Verdict): Attempted {
  return { verdict, status: answer.status, answer: answer.text }
}

/**
 * What a documented code of a provider means: the cause of a permanent refusal, or one of
 *
 * - `invalid`: the request is wrong in another way, and always will be;
 * - `busy`: the provider is overloaded or has a fault;
 * - `rate-limit`: it accepts nothing from the channel for a while;
 * - `recipient-limit`: it accepts nothing for this recipient for a while;
 * - `token`: the access token has expired, and the next attempt uses another one.
 */
export type Meaning =
  | Exclude<FailureCause, 'unknown-code' | 'not-the-provider' | 'unreachable' | 'timeout' | 'private-address'>
  | 'invalid'
  | 'recipient-limit'
  | 'token'

/** Meanings by code. A code such as `Throttling.User` has that of `Throttling` unless it is named itself. */
export type Meanings = Readonly<Partial<Record<string, Meaning>>>

export function meaningOf(code: string, meanings: Meanings): Meaning | undefined {
  const found = Object.hasOwn(meanings, code) ? meanings[code] : undefined
  const end = code.lastIndexOf('.')
  return found ?? (end > 0 ? meaningOf(code.slice(0, end), meanings) : undefined)
}

/** How providers say in words that they are sent too much. */
const limitWords = /too fast|too many|frequen|rate.?limit|throttl|限流|太快|频繁|频率/i

/**
 * The verdict on an error of a provider.
 *
 * @param meaning undefined if the code is not known: unless its text names a rate limit, the message is tried again a
 *   few times.
 * @param waitS how long a provider that is sent too much accepts nothing.
 */
export function verdictOfCode(
  { code, reason }: { readonly code?: string | undefined; readonly reason: string },
  meaning: Meaning | undefined,
  waitS = 60,
): Verdict {
  const known = meaning ?? (limitWords.test(reason) ? 'rate-limit' : undefined)
  switch (known) {
    case undefined:
      return { kind: 'retry', reason, code, cause: 'unknown-code', isUncertain: true }
    case 'rate-limit':
      return { kind: 'retry', reason, code, cause: 'rate-limit', afterS: waitS, limited: true }
    case 'recipient-limit':
      return { kind: 'retry', reason, code, cause: 'rate-limit', afterS: waitS }
    case 'busy':
      return { kind: 'retry', reason, code, cause: 'busy' }
    case 'token':
      return { kind: 'retry', reason, code, cause: 'credentials' }
    case 'invalid':
      return { kind: 'refused', reason, code }
    default:
      return { kind: 'refused', reason, code, cause: known }
  }
}

/**
 * The verdict by status for answers without a usable body: 408, 425, 429 and those from 500 on are temporary, all
 * others permanent.
 */
export function verdictOfStatus({ status, retryAfterS }: PostAnswer, code?: string): Verdict {
  const reason = `it answered ${status}`
  if (status === 429) {
    return { kind: 'retry', reason, code, cause: 'rate-limit', afterS: retryAfterS ?? 60, limited: true }
  }
  if (status >= 500 || status === 408 || status === 425) {
    return { kind: 'retry', reason, code, cause: 'busy', afterS: retryAfterS }
  }
  // The body is not from the provider, but from a proxy or captive portal that intercepted the request.
  if (status >= 200 && status < 300) {
    const answered = 'its answer is not in the format of the provider'
    return { kind: 'retry', reason: answered, code, cause: 'not-the-provider' }
  }
  return { kind: 'refused', reason, code, cause: permanentStatuses[status] }
}

const permanentStatuses: Readonly<Partial<Record<number, FailureCause>>> = {
  401: 'credentials',
  403: 'permission',
  404: 'removed',
  410: 'removed',
  413: 'content',
}

/** The verdict on a request that got no answer. */
export function verdictOfError(error: unknown): Verdict {
  const reason = postFailure(error)
  if (error instanceof RefusedAddressError) return { kind: 'refused', reason, cause: 'private-address' }
  const isTimeout = error instanceof Error && (error.name === 'TimeoutError' || error.name === 'AbortError')
  return { kind: 'retry', reason, cause: isTimeout ? 'timeout' : 'unreachable' }
}

/** A field of an answer as text; undefined if it is missing. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined
}
