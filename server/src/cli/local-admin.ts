import { resolve } from 'node:path'
import type { EventIntake } from '../ingest/event-intake.ts'
import { importHeader } from '../ingest/event-routes.ts'
import { DataDirectoryInUseError } from '@stagewatch/db/data-directory-lock.ts'
import { openDatabase } from '@stagewatch/db/open-database.ts'
import { pino } from 'pino'
import { createApp } from '../app.ts'
import { reachableUrls } from '../platform/http/served-hosts.ts'
import { systemClock } from '../platform/clock/clock.ts'
import { parseEnvironment } from '../platform/environment.ts'
import { identitySettings } from '../identity/identity-settings.ts'

interface LocalAdminOptions {
  readonly site: string
  /** Whether something is asked that is answered from memory, for which all orders are read first. */
  readonly showsOrders?: boolean
}

/**
 * @throws EnvironmentError when the configuration is wrong.
 * @throws DataDirectoryInUseError when the data directory belongs to a process that does not serve yet.
 */
export async function openLocalAdmin({ site, showsOrders = true }: LocalAdminOptions): Promise<LocalAdmin> {
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
      showsOrders,
      logger: pino({ level: 'error' }, pino.destination(2)),
      identity: identitySettings(environment, database.kind === 'embedded'),
      ...(lock !== undefined && { localAdminToken: token }),
    }).catch(async (error: unknown) => {
      await database.close()
      throw error
    })
    app.identity.servedAt(reachableUrls(environment.HOST, environment.PORT)[0] ?? '')
    const headers = operatorHeaders(app.access.localAdminToken, site)
    return {
      async call<T>({ method, path, body, version, importId }: LocalAdminRequest) {
        const payload = body === undefined ? {} : { payload: JSON.stringify(body) }
        const reply = await app.http.inject({
          method,
          url: path,
          headers: { ...headers, ...requestHeaders({ body, version, importId }) },
          ...payload,
        })
        return localAdminReply<T>(reply.statusCode, reply.body, reply.headers['retry-after'])
      },
      intake: () => app.sites.get(site),
      async close() {
        try {
          await app.http.close()
        } finally {
          await database.close()
        }
      },
    }
  } catch (error) {
    const holder = error instanceof DataDirectoryInUseError ? error.holder : undefined
    if (holder?.url === undefined) throw error
    return httpLocalAdmin(holder.url, operatorHeaders(holder.token, site))
  }
}

function operatorHeaders(token: string, site: string): Record<string, string> {
  return { authorization: `Bearer ${token}`, 'x-stagewatch-site': site }
}

/** The server's schemas are the guarantee for `T`; an answer that is no JSON came from something in between. */
function localAdminReply<T>(status: number, text: string, retryAfter: unknown): LocalAdminReply<T> {
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

/** Calls a server over HTTP. `headers` say who calls. */
export function httpLocalAdmin(url: string, headers: Readonly<Record<string, string>>): LocalAdmin {
  return {
    async call<T>({ method, path, body, version, importId }: LocalAdminRequest): Promise<LocalAdminReply<T>> {
      const reply = await fetch(new URL(path, url), {
        method,
        headers: { ...headers, ...requestHeaders({ body, version, importId }) },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      })
      return localAdminReply<T>(reply.status, await reply.text(), reply.headers.get('retry-after') ?? undefined)
    },
    close: () => Promise.resolve(),
  }
}

/** One request of a command to the server, as an administrator of the site. */
export interface LocalAdminRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** From `/api/v1/`. */
  readonly path: string
  readonly body?: unknown
  /** Of what is saved over, for `If-Match`; undefined: there is nothing yet. */
  readonly version?: string | undefined
  /** The import that its events belong to; `on`: they are history all the same. See `importHeader`. */
  readonly importId?: number | 'on' | undefined
}

export interface LocalAdminReply<T> {
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
export interface LocalAdmin {
  call<T>(request: LocalAdminRequest): Promise<LocalAdminReply<T>>
  /** Where the events of the site go in; undefined: the server runs in another process. */
  readonly intake?: () => Promise<EventIntake>
  close(): Promise<void>
}

/** What the headers of a request say of its body. */
function requestHeaders({
  body,
  version,
  importId,
}: Omit<LocalAdminRequest, 'method' | 'path'>): Record<string, string> {
  return {
    ...(body !== undefined && { 'content-type': 'application/json' }),
    ...(version !== undefined && { 'if-match': version }),
    ...(importId !== undefined && { [importHeader]: String(importId) }),
  }
}
