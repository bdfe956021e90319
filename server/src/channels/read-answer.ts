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
 * The verdict by status for answers without a usable body: 408, 425, 429 and those from 500 on are temporary, all
 * others permanent.
 */
export function verdictOfStatus({ status, retryAfterS }: PostAnswer, code?: string): Verdict {
  const reason = `it answered ${status}`
  if (status === 429) return { kind: 'retry', reason, code, afterS: retryAfterS ?? 60, limited: true }
  if (status >= 500 || status === 408 || status === 425) return { kind: 'retry', reason, code, afterS: retryAfterS }
  // The body is not from the provider, but from a proxy or captive portal that intercepted the request.
  if (status >= 200 && status < 300)
    return { kind: 'retry', reason: 'its answer is not in the format of the provider', code }
  return { kind: 'refused', reason, code }
}

/** A field of an answer as text; undefined if it is missing. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined
}
