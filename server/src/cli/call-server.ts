import { setTimeout as sleep } from 'node:timers/promises'
import { problem } from '@stagewatch/shared/contract/problem.ts'
import type { Problem } from '@stagewatch/shared/contract/problem.ts'
import { changedFields } from '@stagewatch/shared/domain/changed-fields.ts'
import { AppError } from '../platform/app-error.ts'
import { databaseRefusal } from '../platform/database-refusal.ts'
import { statusOf } from '../platform/http/problem-answer.ts'
import type { Terminal } from './command.ts'
import type { LocalAdmin, LocalAdminRequest } from './local-admin.ts'

const firstWaitMs = 500
const longestWaitMs = 15_000
/** About two minutes of waiting in total. */
const maxAttempts = 12

/**
 * Calls the server until it answers: waits as long as an overloaded server requests, or else with exponential backoff.
 * Only for requests that may be repeated.
 * @throws AppError with the server's code if it refuses, `overloaded` if it remains overloaded or unreachable.
 */
export function callServer<T>(operator: LocalAdmin, request: LocalAdminRequest, terminal: Terminal): Promise<T> {
  return tryUntilAnswered(() => tryCall<T>(operator, request), terminal)
}

/** The same for calls to a server in this process, which need no request. */
export function untilAnswered<T>(ask: () => Promise<T>, terminal: Terminal): Promise<T> {
  return tryUntilAnswered(() => tryAsk(ask), terminal)
}

async function tryUntilAnswered<T>(tryOnce: () => Promise<Attempt<T>>, terminal: Terminal): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    const reply = await tryOnce()
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

async function tryAsk<T>(ask: () => Promise<T>): Promise<Attempt<T>> {
  try {
    return { ok: true, body: await ask() }
  } catch (thrown) {
    const error = databaseRefusal(thrown)
    if (!(error instanceof AppError)) throw error
    const retryAfterMs = error.retryAfterS === undefined ? undefined : error.retryAfterS * 1_000
    return { ok: false, error, mayTryAgain: isTemporary(statusOf[error.code]), retryAfterMs }
  }
}

async function tryCall<T>(operator: LocalAdmin, request: LocalAdminRequest): Promise<Attempt<T>> {
  try {
    const { status, body, retryAfterMs } = await operator.call<T>(request)
    if (status >= 200 && status < 300) return { ok: true, body }
    return { ok: false, error: refusal(status, body), mayTryAgain: isTemporary(status), retryAfterMs }
  } catch (error) {
    if (!isNetworkError(error)) throw error
    return {
      ok: false,
      error: new AppError('overloaded', `cannot reach the server: ${reason(error)}`),
      mayTryAgain: true,
    }
  }
}

function isTemporary(status: number): boolean {
  return status === 429 || status === 503
}

function refusal(status: number, body: unknown): AppError {
  const known = problem.safeParse(body)
  if (!known.success) return new AppError('internal', `the server answered ${status}`)
  const { code, message, conflict } = known.data
  if (conflict !== undefined) return new AppError(code, [message, ...conflictLines(conflict)].join('\n'), { conflict })
  const details = (known.data.details ?? []).map(({ field, message: wrong }) => `${field}: ${wrong}`)
  const isSaid = details.length === 1 && known.data.details?.[0]?.message === message
  return new AppError(code, (isSaid ? details : [message, ...details]).join('; '))
}

const maxLines = 40

/** Both values of every field that differs. */
function conflictLines({ current, yours, version }: NonNullable<Problem['conflict']>): string[] {
  const fields = changedFields(yours, current)
  const lines = fields.slice(0, maxLines).map(({ path, before, after }) => {
    return `  ${path.join('.') || 'value'}: yours ${valueText(before)}, there ${valueText(after)}`
  })
  const more = fields.length > maxLines ? [`  and ${fields.length - maxLines} more`] : []
  return [...lines, ...more, ...(version === undefined ? [] : [`  stored version: ${version}`])]
}

function valueText(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value)
}

/** `fetch` reports every failure to reach the server as a TypeError with the cause inside. */
function isNetworkError(error: unknown): error is TypeError {
  return error instanceof TypeError && error.cause instanceof Error
}

function reason(error: TypeError): string {
  return error.cause instanceof Error ? error.cause.message || error.message : error.message
}
