import { resolve } from 'node:path'
import { DataDirectoryInUseError } from '@stagewatch/db/data-directory-lock.ts'
import { openDatabase } from '@stagewatch/db/open-database.ts'
import { pino } from 'pino'
import { createApp } from '../app.ts'
import { systemClock } from '../clock/clock.ts'
import { parseEnvironment } from '../environment.ts'
import { httpOperator } from './http-operator.ts'
import { operatorReply } from './operator-reply.ts'

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
    const headers = operatorHeaders(app.access.operatorToken, site)
    return {
      async call<T>({ method, path, body }: OperatorRequest) {
        const payload = body === undefined ? {} : { payload: JSON.stringify(body) }
        const reply = await app.http.inject({
          method,
          url: path,
          headers: body === undefined ? headers : { ...headers, 'content-type': 'application/json' },
          ...payload,
        })
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
    return httpOperator(holder.url, operatorHeaders(holder.token, site))
  }
}

function operatorHeaders(token: string, site: string): Record<string, string> {
  return { authorization: `Bearer ${token}`, 'x-stagewatch-site': site }
}
