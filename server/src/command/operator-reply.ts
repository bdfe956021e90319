import type { OperatorReply } from './operator-call.ts'

/** The server's schemas are the guarantee for `T`; an answer that is no JSON came from something in between. */
export function operatorReply<T>(status: number, text: string, retryAfter: unknown): OperatorReply<T> {
  const seconds = Number(retryAfter)
  const wait = retryAfter !== undefined && Number.isFinite(seconds) ? { retryAfterMs: seconds * 1000 } : {}
  return { status, body: parsedOrText(text) as T, ...wait }
}

function parsedOrText(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
