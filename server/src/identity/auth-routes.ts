import { ownPath } from '@stagewatch/shared/contract/server-paths.ts'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../platform/app-error.ts'
import { addressHeader } from './auth.ts'
import { endIfIdle } from './sessions-table.ts'
import { AuthPolicy } from './auth-policy.ts'
import { addressOf } from '../access/route-access.ts'
import type { TypedApp } from '../platform/http/typed-app.ts'
import type { Database } from '@stagewatch/db/database.ts'
import type { Identity } from './identity.ts'

/** Routes of better-auth that are exposed; see docs/operating/people-and-sign-in.md. All others do not exist. */
const reads = ['get-session', 'list-sessions', 'callback/oidc'] as const
const writes = [
  'sign-in/email',
  'sign-in/social',
  'sign-out',
  'revoke-session',
  'revoke-other-sessions',
  'change-password',
  'request-password-reset',
  'reset-password',
  'two-factor/enable',
  'two-factor/disable',
  'two-factor/get-totp-uri',
  'two-factor/generate-backup-codes',
  'two-factor/verify-totp',
  'two-factor/verify-backup-code',
] as const
/**
 * Fields that better-auth would accept but must not be used: another way in besides the provider's page, and skipping a
 * second factor.
 */
const refused: Readonly<Record<string, string>> = {
  'sign-in/social': 'idToken',
  'two-factor/verify-totp': 'trustDevice',
  'two-factor/verify-backup-code': 'trustDevice',
}
/** Fields that are always set: a new password signs out everybody who knew the old one. */
const forced: Readonly<Record<string, object>> = { 'change-password': { revokeOtherSessions: true } }
/** Hashing a long password takes long enough to be used for an attack. */
const passwordBytes = 128
/** Headers that are forwarded. Others are irrelevant to better-auth, or only a proxy may set them. */
const handedOn = ['content-type', 'cookie', 'host', 'origin', 'referer', 'user-agent'] as const

/** The addresses of better-auth: sign-in, second factor, sessions, passwords, single sign-on. */
interface AuthRouteOptions {
  readonly identity: Identity
  readonly database: Database
}

export function authRoutes(app: TypedApp, { identity, database }: AuthRouteOptions): void {
  const policy = new AuthPolicy(identity, database)
  const offered = [
    ...reads.map((path) => ({ method: 'GET', path }) as const),
    ...writes.map((path) => ({ method: 'POST', path }) as const),
  ]
  for (const { method, path } of offered) {
    app.route({
      method,
      url: `/api/auth/${path}`,
      config: { access: 'everyone' },
      schema: { hide: true },
      handler: async (request, reply) => {
        requireShortPasswords(request.body)
        requireOffered(path, request.body)
        requireOwnPaths(request.body)
        const token = (await identity.cookie()).read(request.headers.cookie ?? '')
        if (token !== undefined) await endIfIdle(database, token)
        const auth = await identity.auth()
        const ask = (provenUserId: string | undefined) => {
          const asker = { provenUserId, address: addressOf(request), requestId: request.id }
          return auth.handler(asWebRequest(request, identity.url, forced[path]), asker)
        }
        const response = await policy.handle({ path, request, ask })
        if (method === 'POST' || path === 'callback/oidc') identity.sessions.forget()
        return answer(response, reply)
      },
    })
  }
}

function requireShortPasswords(body: unknown): void {
  if (typeof body !== 'object' || body === null) return
  for (const [field, value] of Object.entries(body)) {
    if (/password/i.test(field) && typeof value === 'string' && Buffer.byteLength(value) > passwordBytes) {
      throw new AppError('invalid_field', `must be at most ${passwordBytes} bytes long`, {
        field,
        reason: 'too_long',
        limit: passwordBytes,
      })
    }
  }
}

function requireOffered(path: string, body: unknown): void {
  const field = refused[path]
  if (field === undefined || typeof body !== 'object' || body === null || !(field in body)) return
  throw new AppError('invalid_field', 'is not accepted here', { field, reason: 'unknown' })
}

/**
 * Redirect targets in a request to better-auth: `callbackURL`, `errorCallbackURL`, `newUserCallbackURL`, `redirectTo`.
 */
function requireOwnPaths(body: unknown): void {
  if (typeof body !== 'object' || body === null) return
  for (const [field, value] of Object.entries(body)) {
    if (!/url$|^redirect/i.test(field) || (typeof value === 'string' && ownPath(value) !== undefined)) continue
    throw new AppError('forbidden', 'must be a path of this server, such as /account', { field })
  }
}

/** Uses the address of this server, whatever host the request names: links and redirects are built from it. */
function asWebRequest(request: FastifyRequest, origin: string, more: object = {}): Request {
  const { method, url, headers, body } = request
  const sent = new Headers({ [addressHeader]: addressOf(request) })
  for (const name of handedOn) {
    const value = headers[name]
    if (value !== undefined) sent.set(name, value)
  }
  const json = body === undefined ? {} : { body: JSON.stringify({ ...body, ...more }) }
  return new Request(new URL(url, origin), { method, headers: sent, ...json })
}

async function answer(response: Response, reply: FastifyReply): Promise<FastifyReply> {
  const { status, headers } = response
  for (const [name, value] of headers) if (name !== 'set-cookie') void reply.header(name, value)
  const cookies = headers.getSetCookie()
  if (cookies.length > 0) void reply.header('set-cookie', cookies)
  void reply.header('cache-control', 'no-store').code(status)
  return reply.send(await response.text())
}
