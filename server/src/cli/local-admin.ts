import type { EventIntake } from '../ingest/event-intake.ts'
import { importHeader } from '../ingest/event-routes.ts'
import { DataDirectoryInUseError } from '@stagewatch/db/data-directory-lock.ts'
import { pino } from 'pino'
import { backupSchedule } from '../backup/scheduled-backups.ts'
import { archiveDirectory } from '../retention/archive-directory.ts'
import { createApp } from '../app.ts'
import { reachableUrls } from '../platform/http/served-hosts.ts'
import { systemClock } from '../platform/clock/clock.ts'
import { parseEnvironment } from '../platform/environment.ts'
import { secretKeysFor } from '../platform/secret-keys.ts'
import { identitySettings } from '../identity/identity-settings.ts'
import type { Terminal } from './command.ts'
import { openPlace } from './command-place.ts'

interface LocalAdminOptions {
  readonly site: string
  /** Whether the command requests anything that is answered from memory, which requires reading all orders first. */
  readonly showsOrders?: boolean
  /** Terminal of a command that may create the database. */
  readonly creator?: Terminal | undefined
}

/**
 * @throws AppError `not_found` if there is no database, see `openPlace`.
 * @throws EnvironmentError if the configuration is invalid.
 * @throws DataDirectoryInUseError if the data directory belongs to a process that is not serving yet.
 */
export async function openLocalAdmin({ site, showsOrders = true, creator }: LocalAdminOptions): Promise<LocalAdmin> {
  const environment = parseEnvironment(process.env)
  try {
    const { database, lock } = await openPlace(environment, creator)
    const token = lock?.token ?? ''
    const app = await createApp({
      database,
      clock: systemClock,
      showsOrders,
      logger: pino({ level: 'error' }, pino.destination(2)),
      secretKeys: secretKeysFor(environment.SECRETS_KEY, database.dataDirectory),
      archiveDirectory: archiveDirectory(environment),
      backups: backupSchedule(environment),
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

/** The server's schemas guarantee `T`; an answer that is not JSON came from a proxy in between. */
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

/**
 * Calls a server over HTTP.
 * @param headers credentials of the caller.
 */
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

/** A request from a command to the server, as an administrator of the site. */
export interface LocalAdminRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Relative to `/api/v1/`. */
  readonly path: string
  readonly body?: unknown
  /** Version of the object that is replaced, for `If-Match`; undefined if it does not exist yet. */
  readonly version?: string | undefined
  /** The import that the events belong to, or `on` for history outside of imports. See `importHeader`. */
  readonly importId?: number | 'on' | undefined
}

export interface LocalAdminReply<T> {
  readonly status: number
  /** A `Problem` unless the status is a success. */
  readonly body: T
  /** Delay requested by an overloaded server; undefined if there was none. */
  readonly retryAfterMs?: number
}

/**
 * How commands access the data: through the running server if it holds the data directory, or else through the same
 * routes in this process.
 */
export interface LocalAdmin {
  call<T>(request: LocalAdminRequest): Promise<LocalAdminReply<T>>
  /** The event intake of the site; undefined if the server runs in another process. */
  readonly intake?: () => Promise<EventIntake>
  close(): Promise<void>
}

/** Request headers that describe the body. */
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
