import { ownPath } from '@stagewatch/shared/contract/own-path.ts'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../platform/app-error.ts'
import { addressHeader } from './auth.ts'
import { endIfIdle } from './sessions-table.ts'
import { AuthPolicy } from './auth-policy.ts'
import { addressOf } from '../access/route-access.ts'
import type { TypedApp } from '../platform/http/typed-app.ts'
import type { Database } from '@stagewatch/db/database.ts'
import type { Identity } from './identity.ts'

/** What of better-auth is offered; see docs/operating/people-and-sign-in.md. Everything else is not there. */
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
/** What better-auth would take and is not offered: a way in beside the provider's page, a second factor that is skipped. */
const refused: Readonly<Record<string, string>> = {
  'sign-in/social': 'idToken',
  'two-factor/verify-totp': 'trustDevice',
  'two-factor/verify-backup-code': 'trustDevice',
}
/** What holds whatever was asked for: who knew the old password is out. */
const forced: Readonly<Record<string, object>> = { 'change-password': { revokeOtherSessions: true } }
/** Hashing takes long enough to be an attack with long ones. */
const passwordBytes = 128
/** The rest says nothing that better-auth needs, or what only a proxy may say. */
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
      throw new AppError('invalid_field', `at most ${passwordBytes} bytes`, {
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
  throw new AppError('invalid_field', 'is not taken here', { field, reason: 'unknown' })
}

/** Where better-auth is asked to lead to: `callbackURL`, `errorCallbackURL`, `newUserCallbackURL`, `redirectTo`. */
function requireOwnPaths(body: unknown): void {
  if (typeof body !== 'object' || body === null) return
  for (const [field, value] of Object.entries(body)) {
    if (!/url$|^redirect/i.test(field) || (typeof value === 'string' && ownPath(value) !== undefined)) continue
    throw new AppError('forbidden', 'has to lead to a path of this server, such as /account', { field })
  }
}

/** Under the address of this server, whatever host the request names: links and redirects are made of it. */
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
