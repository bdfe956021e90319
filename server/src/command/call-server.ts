import { setTimeout as sleep } from 'node:timers/promises'
import { problem } from '@stagewatch/shared/contract/problem.ts'
import { AppError } from '../app-error.ts'
import type { Terminal } from './command.ts'
import type { Operator, OperatorRequest } from './operator-call.ts'

const firstWaitMs = 500
const longestWaitMs = 15_000
/** About two minutes of waiting altogether. */
const maxAttempts = 12

/**
 * Calls the server until it has an answer: waits as long as an overloaded server asks, else twice as long every time.
 * Only for requests that may be sent again.
 * @throws AppError with the server's code when it refuses, `overloaded` when it stays overloaded or away.
 */
export async function callServer<T>(operator: Operator, request: OperatorRequest, terminal: Terminal): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    const reply = await tryCall<T>(operator, request)
    if (reply.ok) return reply.body
    if (!reply.mayTryAgain || attempt === maxAttempts) throw reply.error
    const waitMs = reply.retryAfterMs ?? Math.min(firstWaitMs * 2 ** (attempt - 1), longestWaitMs)
    terminal.note(`${reply.error.message}; trying again in ${Math.ceil(waitMs / 1000)} s`)
    await sleep(waitMs, undefined, { signal: terminal.stopped }).catch(() => {
      throw reply.error
    })
  }
}

type Attempt<T> =
  | { readonly ok: true; readonly body: T }
  | {
      readonly ok: false
      readonly error: AppError
      readonly mayTryAgain: boolean
      readonly retryAfterMs?: number | undefined
    }

async function tryCall<T>(operator: Operator, request: OperatorRequest): Promise<Attempt<T>> {
  try {
    const { status, body, retryAfterMs } = await operator.call<T>(request)
    if (status >= 200 && status < 300) return { ok: true, body }
    return { ok: false, error: refusal(status, body), mayTryAgain: status === 429 || status === 503, retryAfterMs }
  } catch (error) {
    if (!isNetworkError(error)) throw error
    return {
      ok: false,
      error: new AppError('overloaded', `the server cannot be reached: ${reason(error)}`),
      mayTryAgain: true,
    }
  }
}

function refusal(status: number, body: unknown): AppError {
  const known = problem.safeParse(body)
  if (!known.success) return new AppError('internal', `the server answered ${status}`)
  const details = (known.data.details ?? []).map(({ field, message }) => `; ${field}: ${message}`)
  return new AppError(known.data.code, `${known.data.message}${details.join('')}`)
}

/** `fetch` reports every failure to reach the server as a TypeError with the cause inside. */
function isNetworkError(error: unknown): error is TypeError {
  return error instanceof TypeError && error.cause instanceof Error
}

function reason(error: TypeError): string {
  return error.cause instanceof Error ? error.cause.message || error.message : error.message
}
