import type { FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../app-error.ts'
import { addressHeader } from '../identity/auth.ts'
import type { Identity } from '../identity/identity.ts'
import { endIfIdle } from '../identity/sessions-table.ts'
import type { RouteContext, TypedApp } from './route-context.ts'

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
/** What guesses could be tried at. */
const guarded: ReadonlySet<string> = new Set([
  'change-password',
  'reset-password',
  'two-factor/enable',
  'two-factor/disable',
  'two-factor/get-totp-uri',
  'two-factor/generate-backup-codes',
  'two-factor/verify-totp',
  'two-factor/verify-backup-code',
])
/** What better-auth would take and is not offered: a way in beside the provider's page, a second factor that is skipped. */
const refused: Readonly<Record<string, string>> = {
  'sign-in/social': 'idToken',
  'two-factor/verify-totp': 'trustDevice',
  'two-factor/verify-backup-code': 'trustDevice',
}
const mostBytes = 16 * 1_024
/** Hashing takes long enough to be an attack with long ones. */
const passwordBytes = 128
/** The rest says nothing that better-auth needs, or what only a proxy may say. */
const handedOn = ['content-type', 'cookie', 'host', 'origin', 'referer', 'user-agent'] as const

/** The addresses of better-auth: sign-in, second factor, sessions, passwords, single sign-on. */
export function registerAuthRoutes(app: TypedApp, { identity, database }: RouteContext): void {
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
      bodyLimit: mostBytes,
      handler: async (request, reply) => {
        requireShortPasswords(request.body)
        requireOffered(path, request.body)
        const token = (await identity.cookie()).read(request.headers.cookie ?? '')
        if (token !== undefined) await endIfIdle(database, token)
        const response = await limited(path, request, identity, async () => {
          return (await identity.auth()).handler(asWebRequest(request, identity.url))
        })
        if (method === 'POST' || path === 'callback/oidc') identity.sessions.forget()
        return answer(response, reply)
      },
    })
  }
}

function limited(
  path: string,
  { ip, body }: FastifyRequest,
  { limits }: Identity,
  ask: () => Promise<Response>,
): Promise<Response> {
  const failed = ({ status }: Response) => status >= 400 && status < 500
  if (path === 'sign-in/email') return limits.signIn(emailOf(body), ip, ask, failed)
  if (path === 'request-password-reset') limits.countReset(emailOf(body), ip)
  return guarded.has(path) ? limits.attempt(ip, ask, failed) : ask()
}

function emailOf(body: unknown): string {
  const email = typeof body === 'object' && body !== null && 'email' in body ? body.email : undefined
  return typeof email === 'string' ? email.toLowerCase() : ''
}

function requireShortPasswords(body: unknown): void {
  if (typeof body !== 'object' || body === null) return
  for (const [field, value] of Object.entries(body)) {
    if (/password/i.test(field) && typeof value === 'string' && Buffer.byteLength(value) > passwordBytes) {
      throw new AppError('invalid_field', `at most ${passwordBytes} bytes`, { field })
    }
  }
}

function requireOffered(path: string, body: unknown): void {
  const field = refused[path]
  if (field === undefined || typeof body !== 'object' || body === null || !(field in body)) return
  throw new AppError('invalid_field', 'is not taken here', { field })
}

/** Under the address of this server, whatever host the request names: links and redirects are made of it. */
function asWebRequest({ method, url, headers, body, ip }: FastifyRequest, origin: string): Request {
  const sent = new Headers({ [addressHeader]: ip })
  for (const name of handedOn) {
    const value = headers[name]
    if (value !== undefined) sent.set(name, value)
  }
  const json = body === undefined ? {} : { body: JSON.stringify(body) }
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
