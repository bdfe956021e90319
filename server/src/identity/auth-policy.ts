import type { Database } from '@stagewatch/db/database.ts'
import type { FastifyRequest } from 'fastify'
import { addressGroup } from '../platform/http/client-address.ts'
import { logSecurity } from '../platform/security-log.ts'
import type { SecurityEvent } from '../platform/security-log.ts'
import { AppError } from '../platform/app-error.ts'
import { inAuthTransaction } from './auth-database.ts'
import type { AccountName, CredentialChange } from './credential-changes.ts'
import type { Identity } from './identity.ts'
import { isLocalAdminResetToken } from './auth.ts'
import { endPush } from './sessions-table.ts'
import type { SessionPerson } from './sessions-table.ts'
import { isUsedCode, useCode } from './used-codes.ts'
import { loadChallenged } from './verifications-table.ts'
import { requireStrongPassword } from './weak-password.ts'
import { addressOf } from '../access/route-access.ts'

/** A request to an address of better-auth. */
export interface AuthRequest {
  /** Without `/api/auth/`. */
  readonly path: string
  readonly request: FastifyRequest
  /** Forwards the request to better-auth. @param provenUserId see `Asker`. */
  readonly ask: (provenUserId: string | undefined) => Promise<Response>
}

/** Paths that accept passwords or codes, which could be guessed. */
const guarded: ReadonlySet<string> = new Set([
  'change-password',
  'two-factor/enable',
  'two-factor/disable',
  'two-factor/get-totp-uri',
  'two-factor/generate-backup-codes',
  'two-factor/verify-totp',
  'two-factor/verify-backup-code',
])

/** The caller, and the account that the request is about. */
interface Asker {
  readonly person: SessionPerson | undefined
  /** The signed-in person, or the owner of the link or challenge. */
  readonly account: AccountName | undefined
}

/**
 * Policies for the routes of better-auth beyond its own: rate limits, password strength, single use of codes, the
 * effects of a change of credentials, and logging.
 */
export class AuthPolicy {
  readonly #identity: Identity
  readonly #database: Database

  constructor(identity: Identity, database: Database) {
    this.#identity = identity
    this.#database = database
  }

  /** @throws AppError `rate_limited` or `weak_password`. */
  async handle(asked: AuthRequest): Promise<Response> {
    const { path, request } = asked
    const person = await this.#identity.sessions.find(request.headers.cookie ?? '')
    const asker = { person, account: person ?? (await this.#challenged(asked)) }
    requireStrongNewPassword(asked, asker)
    try {
      const response = await this.#limited(asked, asker)
      await this.#log(asked, asker, response)
      return response
    } catch (error) {
      if (error instanceof AppError) {
        const security = path.startsWith('sign-in') ? 'sign-in.refused' : 'access.refused'
        this.#write(asked, security, { who: asker.account?.email ?? loggedEmail(request.body), reason: error.code })
      }
      throw error
    }
  }

  async #limited(asked: AuthRequest, asker: Asker): Promise<Response> {
    const { path, request } = asked
    const { limits } = this.#identity
    const [account, address] = [emailOf(request.body), addressOf(request)]
    const ask = () => this.#onceOnly({ ...asked, ask: this.#concluding(asked, asker) }, asker)
    if (path === 'sign-in/email') {
      const devices = await this.#identity.deviceCookie()
      const device = devices.read(request.headers.cookie ?? '', account)
      const response = await limits.signIn({ account, address, device }, ask, isRefusal)
      if (response.ok && device === undefined) response.headers.append('set-cookie', devices.write(account))
      return response
    }
    if (path === 'request-password-reset') await limits.countReset({ account, address })
    return guarded.has(path) ? limits.prove(asker.person?.id ?? addressGroup(address), ask, isRefusal) : ask()
  }

  /**
   * A code of a second factor can be used once: somebody who saw it being typed cannot use it in the same half minute.
   */
  async #onceOnly({ path, request, ask }: AuthRequest, { person, account }: Asker): Promise<Response> {
    const provenUserId = person?.provenRecently === true ? person.id : undefined
    const code = path === 'two-factor/verify-totp' ? textOf(request.body, 'code') : undefined
    if (code === undefined) return ask(provenUserId)
    if (account !== undefined && (await isUsedCode(this.#database, account.id, code))) return invalidCode()
    const response = await ask(provenUserId)
    if (!response.ok || account === undefined) return response
    if (await useCode(this.#database, account.id, code)) return response
    // Another request used the same code first: end the session that was just created before anybody receives it.
    const begun = await this.#signedInBy(response)
    if (begun !== undefined) await this.#identity.sessions.end(response.headers.getSetCookie().join('; '))
    return invalidCode()
  }

  /** Forwards the request to better-auth, and stores the effects of a change of credentials atomically with it. */
  #concluding({ path, request, ask }: AuthRequest, { person, account }: Asker): AuthRequest['ask'] {
    const { credentials } = this.#identity
    if (path === 'revoke-other-sessions' && person !== undefined) return this.#endingPush(ask, person.id)
    const change = changeBy(path, person)
    if (change === undefined || account === undefined) return ask
    const byMail = change === 'password.reset' && !isLocalAdminResetToken(textOf(request.body, 'token') ?? '')
    return async (provenUserId) => {
      const response = await inAuthTransaction(this.#database, async (tx) => {
        const answered = await ask(provenUserId)
        if (answered.ok) await credentials.record(tx, change, account, byMail)
        return answered
      })
      if (response.ok) credentials.notify(change, account.email)
      return response
    }
  }

  /** Which browser is registered in which session is not known, so all of them are. */
  #endingPush(ask: AuthRequest['ask'], userId: string): AuthRequest['ask'] {
    return (provenUserId) =>
      inAuthTransaction(this.#database, async (tx) => {
        const answered = await ask(provenUserId)
        if (answered.ok) await endPush(tx, userId)
        return answered
      })
  }

  async #log(asked: AuthRequest, { person, account }: Asker, response: Response): Promise<void> {
    const { path, request } = asked
    const who = account?.email ?? loggedEmail(request.body)
    const failed = isRefusal(response)
    const done = securityEvents[path]
    if (done !== undefined && !failed) this.#write(asked, done, { who })
    else if (path === 'two-factor/verify-totp' && person?.twoFactor === false && !failed) {
      this.#write(asked, 'second-factor.enabled', { who })
    } else if (path === 'sign-in/email' || path === 'callback/oidc' || path.startsWith('two-factor/verify')) {
      await this.#logSignIn(asked, { person, account }, response)
    } else if (failed && guarded.has(path)) this.#write(asked, 'reauthentication.failed', { who })
  }

  async #logSignIn(asked: AuthRequest, { person, account }: Asker, response: Response): Promise<void> {
    const { path, request } = asked
    const refusal =
      new URLSearchParams((response.headers.get('location') ?? '').split('?')[1]).get('error') ?? undefined
    const who = account?.email ?? loggedEmail(request.body)
    if (path === 'callback/oidc' ? refusal !== undefined : isRefusal(response)) {
      const security = path.startsWith('two-factor') ? 'second-factor.failed' : 'sign-in.failed'
      return this.#write(asked, security, { who, reason: refusal })
    }
    const signedIn = await this.#signedInBy(response)
    // With a second factor, a correct password alone does not sign in.
    if (signedIn !== undefined && signedIn.id !== person?.id)
      this.#write(asked, 'sign-in.succeeded', { who: signedIn.email })
  }

  #write(
    { request }: AuthRequest,
    security: SecurityEvent,
    more: { who?: string | undefined; reason?: string | undefined },
  ) {
    logSecurity(request.log, security, { ...more, address: addressOf(request), requestId: request.id })
  }

  /** The person whose session an answer creates. */
  #signedInBy(response: Response): Promise<SessionPerson | undefined> {
    const cookies = response.headers.getSetCookie().map((cookie) => cookie.split(';')[0])
    return this.#identity.sessions.find(cookies.join('; '))
  }

  /** The owner of a password reset link, or of a sign-in that waits for a code. */
  async #challenged({ path, request }: AuthRequest): Promise<AccountName | undefined> {
    if (path === 'reset-password') {
      return loadChallenged(this.#database, `reset-password:${textOf(request.body, 'token') ?? ''}`)
    }
    if (!path.startsWith('two-factor/verify')) return undefined
    const challenge = this.#identity.challengeIn(request.headers.cookie ?? '')
    return challenge === undefined ? undefined : loadChallenged(this.#database, challenge)
  }
}

const securityEvents: Readonly<Record<string, SecurityEvent>> = {
  'sign-out': 'sign-out',
  'change-password': 'password.changed',
  'reset-password': 'password.reset',
  'request-password-reset': 'password.reset-requested',
  'two-factor/disable': 'second-factor.disabled',
  'revoke-session': 'sessions.ended',
  'revoke-other-sessions': 'sessions.ended',
}

function requireStrongNewPassword({ path, request }: AuthRequest, { person, account }: Asker): void {
  const chosen =
    path === 'change-password' || path === 'reset-password' ? textOf(request.body, 'newPassword') : undefined
  if (chosen === undefined) return
  const known = [person?.name, account?.email].filter((text) => text !== undefined)
  requireStrongPassword(chosen, 'newPassword', known)
}

/** The change of somebody's credentials that a successful request makes. */
function changeBy(path: string, person: SessionPerson | undefined): CredentialChange | undefined {
  switch (path) {
    case 'change-password':
      return 'password.changed'
    case 'reset-password':
      return 'password.reset'
    case 'two-factor/disable':
      return 'second-factor.disabled'
    case 'two-factor/verify-totp':
      return person?.twoFactor === false ? 'second-factor.enabled' : undefined
    default:
      return undefined
  }
}

function isRefusal({ status }: Response): boolean {
  return status >= 400 && status < 500
}

function invalidCode(): Response {
  return Response.json({ code: 'INVALID_CODE', message: 'Invalid code' }, { status: 401 })
}

/** Length of the longest address, RFC 3696. */
const maxLoggedEmail = 320

/** The typed address for the security log. Other text is left out, because people type passwords into the wrong field. */
function loggedEmail(body: unknown): string {
  const email = emailOf(body)
  // The time that the expression takes grows with the square of the length.
  if (email.length > maxLoggedEmail) return '(not an e-mail address)'
  return email === '' || /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email) ? email : '(not an e-mail address)'
}

function emailOf(body: unknown): string {
  return textOf(body, 'email')?.toLowerCase() ?? ''
}

function textOf(body: unknown, field: string): string | undefined {
  const value = typeof body === 'object' && body !== null ? (body as Record<string, unknown>)[field] : undefined
  return typeof value === 'string' ? value : undefined
}
