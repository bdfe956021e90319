import { resolve } from 'node:path'
import { DataDirectoryInUseError } from '@stagewatch/db/data-directory-lock.ts'
import { openDatabase } from '@stagewatch/db/open-database.ts'
import { pino } from 'pino'
import { createApp } from '../app.ts'
import { systemClock } from '../clock/clock.ts'
import { parseEnvironment } from '../environment.ts'

/** One request of a command to the server, as an administrator of the site. */
export interface OperatorRequest {
  readonly method: 'GET' | 'POST' | 'PUT'
  /** From `/api/v1/`. */
  readonly path: string
  readonly body?: unknown
}

export interface OperatorReply<T> {
  readonly status: number
  /** A `Problem` unless the status is a success. */
  readonly body: T
  /** How long an overloaded server asks to wait; undefined: it did not say. */
  readonly retryAfterMs?: number
}

/**
 * How commands reach the data: through the running server when it holds the data directory, else through the same
 * routes in this process.
 */
export interface Operator {
  call<T>(request: OperatorRequest): Promise<OperatorReply<T>>
  close(): Promise<void>
}

/**
 * @throws EnvironmentError when the configuration is wrong.
 * @throws DataDirectoryInUseError when the data directory belongs to a process that does not serve yet.
 */
export async function openOperator({ site }: { readonly site: string }): Promise<Operator> {
  const environment = parseEnvironment(process.env)
  try {
    const { database, lock } = await openDatabase({
      databaseUrl: environment.DATABASE_URL,
      dataDirectory: resolve(environment.DATA_DIR),
    })
    const token = lock?.token ?? ''
    const app = await createApp({
      database,
      clock: systemClock,
      logger: pino({ level: 'error' }, pino.destination(2)),
      ...(lock !== undefined && { operatorToken: token }),
    })
    const headers = requestHeaders(app.access.operatorToken, site)
    return {
      async call<T>({ method, path, body }: OperatorRequest) {
        const payload = body === undefined ? {} : { payload: JSON.stringify(body) }
        const reply = await app.http.inject({ method, url: path, headers: headers(body), ...payload })
        return operatorReply<T>(reply.statusCode, reply.body, reply.headers['retry-after'])
      },
      async close() {
        await app.http.close()
        await database.close()
      },
    }
  } catch (error) {
    const holder = error instanceof DataDirectoryInUseError ? error.holder : undefined
    if (holder?.url === undefined) throw error
    return remoteOperator(holder.url, requestHeaders(holder.token, site))
  }
}

type HeadersFor = (body: unknown) => Record<string, string>

function remoteOperator(url: string, headers: HeadersFor): Operator {
  return {
    async call<T>({ method, path, body }: OperatorRequest) {
      const payload = body === undefined ? {} : { body: JSON.stringify(body) }
      const reply = await fetch(url + path, { method, headers: headers(body), ...payload })
      return operatorReply<T>(reply.status, await reply.text(), reply.headers.get('retry-after') ?? undefined)
    },
    close: () => Promise.resolve(),
  }
}

function requestHeaders(token: string, site: string): HeadersFor {
  return (body) => ({
    authorization: `Bearer ${token}`,
    'x-stagewatch-site': site,
    ...(body !== undefined && { 'content-type': 'application/json' }),
  })
}

function operatorReply<T>(status: number, text: string, retryAfter: unknown): OperatorReply<T> {
  const seconds = Number(retryAfter)
  const wait = retryAfter !== undefined && Number.isFinite(seconds) ? { retryAfterMs: seconds * 1_000 } : {}
  return { status, body: parsedBody<T>(text), ...wait }
}

/** The server's own answers: their form is the contract's, which the caller names. */
function parsedBody<T>(text: string): T {
  return JSON.parse(text) as T
}
