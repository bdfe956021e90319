import { AsyncLocalStorage } from 'node:async_hooks'
import type { Database } from '@stagewatch/db/database.ts'
import { betterAuth } from 'better-auth'
import { APIError } from 'better-auth/api'
import type { BetterAuthOptions } from 'better-auth'
import { genericOAuth, twoFactor } from 'better-auth/plugins'
import { invisibleText } from '@stagewatch/shared/domain/identifier.ts'
import type { Logger } from 'pino'
import type { LinkRefusal } from './account-linking.ts'
import { authDatabase, currentQueryable } from './auth-database.ts'
import { hashPassword, verifyPassword } from './hash-password.ts'
import type { SingleSignOn } from './identity-settings.ts'
import { longestSessionS } from './session-cookie.ts'
import type { CookieRules } from './session-cookie.ts'
import { endSurplusSessions } from './sessions-table.ts'

/** Name of the single sign-on provider in addresses. */
const providerId = 'oidc'
/** The header in which better-auth is told where a request comes from. */
export const addressHeader = 'x-stagewatch-address'

export interface AuthOptions {
  readonly database: Database
  readonly logger: Logger
  /** Origin of the server as browsers see it. */
  readonly url: string
  readonly secret: string
  readonly cookies: CookieRules
  readonly singleSignOn: SingleSignOn | undefined
  /** Undefined: there is no mail. */
  readonly sendResetMail: ((email: string, token: string) => Promise<void>) | undefined
  /** Whether somebody with this address may come in for the first time. */
  readonly isExpected: (email: string) => Promise<boolean>
  /** Somebody comes in for the first time: inside the transaction that stores them. @returns their id. */
  readonly admit: (email: string) => Promise<string>
  /** Why the account cannot be signed in to; undefined: it can. */
  readonly refuseAccount: (userId: string) => Promise<LinkRefusal | undefined>
  /** Prepares an account for an identity of the provider that is not linked to it yet. See `prepareLink`. */
  readonly prepareLink: (userId: string, asker: Asker | undefined) => Promise<LinkRefusal | undefined>
}

/** Who sends a request. */
export interface Asker {
  /** Who is signed in in the browser and has proven it recently. */
  readonly provenUserId: string | undefined
  readonly address: string
  readonly requestId: string
}

/** The part of better-auth that is used outside of its own addresses. */
export interface Auth {
  handler(request: Request, asker: Asker): Promise<Response>
  /** Whether it is the code that the second factor of the session's person shows now. */
  verifyCode(cookies: string, code: string): Promise<boolean>
  /** A token with which the person may choose a new password, within the hour. */
  newResetToken(userId: string): Promise<string>
}

/** How people sign in. Nobody can sign up: accounts come from the setup link and from invitations. */
export function createAuth(options: AuthOptions): Auth {
  const auth = betterAuth(authOptions(options))
  return {
    handler: (request, asker) => currentAsker.run(asker, () => auth.handler(request)),
    async verifyCode(cookies, code) {
      const headers = { cookie: cookies, origin: options.url, 'content-type': 'application/json' }
      const address = `${options.url}/api/auth/two-factor/verify-totp`
      const body = JSON.stringify({ code })
      return (await auth.handler(new Request(address, { method: 'POST', headers, body }))).ok
    },
    async newResetToken(userId) {
      const { internalAdapter, generateId } = await auth.$context
      const id = generateId({ model: 'verification', size: 32 })
      if (id === false) throw new Error('ids are made by the server')
      const token = `${operatorResetPrefix}${id}`
      const expiresAt = new Date(Date.now() + resetTokenS * 1_000)
      await internalAdapter.createVerificationValue({ identifier: `reset-password:${token}`, value: userId, expiresAt })
      return token
    },
  }
}

/** Of the request that is being handled: better-auth hands nothing on to its hooks. */
const currentAsker = new AsyncLocalStorage<Asker>()

/** How a link to a new password begins that was not mailed. */
const operatorResetPrefix = 'op-'

/** Whether the link was handed on by hand, so that it proves nothing of the address. */
export function isLocalAdminResetToken(token: string): boolean {
  return token.startsWith(operatorResetPrefix)
}

const resetTokenS = 3_600
/** The same for passwords that come in by other ways, see the contract. */
const passwordLength = { minPasswordLength: 10, maxPasswordLength: 128 }

function authOptions(options: AuthOptions) {
  const { database, logger, url, secret, cookies, singleSignOn, sendResetMail } = options
  return {
    appName: 'Stagewatch',
    baseURL: url,
    secret,
    database: authDatabase(database),
    logger: { level: 'info', log: (...line) => writeLog(logger, ...line) },
    telemetry: { enabled: false },
    // Its own counts one window for all accounts of an address; ours are in `sign-in-limits.ts`.
    rateLimit: { enabled: false },
    onAPIError: { errorURL: '/sign-in' },
    trustedOrigins: (request) => (request === undefined ? [] : ownOrigins(request.headers.get('host'))),
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      ...passwordLength,
      password: { hash: hashPassword, verify: verifyPassword },
      revokeSessionsOnPasswordReset: true,
      resetPasswordTokenExpiresIn: resetTokenS,
      ...(sendResetMail !== undefined && {
        sendResetPassword: ({ user, token }: { user: { email: string }; token: string }) =>
          sendResetMail(user.email, token),
      }),
    },
    // Unused for 8 h it ends as well, see `Sessions`; the end that is written here is the last one.
    session: { expiresIn: longestSessionS, disableSessionRefresh: true, cookieCache: { enabled: false } },
    verification: { storeIdentifier: 'hashed' },
    // Which accounts are linked is decided in `validateUserInfo`. The check of better-auth would refuse an account that
    // was never proven, which here loses its credentials instead.
    // oxlint-disable-next-line typescript/no-deprecated
    account: { encryptOAuthTokens: true, accountLinking: { enabled: true, requireLocalEmailVerified: false } },
    user: {
      validateUserInfo: async ({ user, source }) => {
        // Before an account is made or an invitation used up, which is more than `requireEmailVerification` does.
        if (user.emailVerified !== true) {
          return { error: 'email_not_verified', errorDescription: 'The provider has not verified your address.' }
        }
        const refusal = await refuseProviderUser(options, source.action, user)
        return refusal === undefined ? undefined : { error: refusal, errorDescription: refusalTexts[refusal] }
      },
    },
    databaseHooks: {
      user: { create: { before: async (user) => ({ data: { ...user, id: await options.admit(user.email) } }) } },
      session: {
        create: {
          before: async ({ userId }) => {
            if ((await options.refuseAccount(userId)) !== 'account_disabled') return
            throw new APIError('FORBIDDEN', { code: 'ACCOUNT_DISABLED', message: refusalTexts.account_disabled })
          },
          after: ({ userId }) => endSurplusSessions(currentQueryable(database), userId),
        },
      },
    },
    advanced: {
      cookiePrefix: cookies.prefix,
      // It would put `__Secure-` before the prefix that we chose.
      useSecureCookies: false,
      defaultCookieAttributes: { secure: cookies.secure, httpOnly: true, sameSite: 'lax', path: '/' },
      ipAddress: { ipAddressHeaders: [addressHeader] },
      // Stated, because it turns them off by itself where tests run.
      disableOriginCheck: false,
      disableCSRFCheck: false,
      // An answer that waits for a mail would tell that there is such an account.
      backgroundTasks: { handler: (task) => void task.catch((error: unknown) => logger.error({ err: error }, 'mail')) },
    },
    plugins: [
      twoFactor({ issuer: 'Stagewatch' }),
      genericOAuth({ config: singleSignOn === undefined ? [] : [provider(singleSignOn)] }),
    ],
  } satisfies BetterAuthOptions
}

const refusalTexts: Readonly<Record<LinkRefusal, string>> = {
  invitation_needed: 'Ask an administrator of your site for an invitation.',
  account_disabled: 'An administrator has disabled this account.',
  link_needed: 'Sign in with your password, then connect single sign-on on the page Account.',
}

async function refuseProviderUser(
  { isExpected, refuseAccount, prepareLink }: AuthOptions,
  action: 'create-user' | 'link-account' | 'sign-in',
  { id, email }: { readonly id?: string; readonly email?: string | undefined },
): Promise<LinkRefusal | undefined> {
  if (action === 'create-user') return (await isExpected(email ?? '')) ? undefined : 'invitation_needed'
  if (id === undefined) return 'invitation_needed'
  return action === 'sign-in' ? refuseAccount(id) : prepareLink(id, currentAsker.getStore())
}

function provider({ issuer, clientId, clientSecret, name, trustEmail }: SingleSignOn) {
  return {
    providerId,
    name,
    clientId,
    clientSecret,
    discoveryUrl: `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`,
    scopes: ['openid', 'email', 'profile'],
    requireIdTokenVerification: true,
    mapProfileToUser: (profile: Readonly<Record<string, unknown>>) => ({
      emailVerified: isEmailVerified(profile['email_verified'], trustEmail),
      name: nameOf(profile['name']) ?? String(profile['email']),
    }),
  }
}

/** Without what nobody sees and what turns text around, see `visibleName`; undefined: nothing is left. */
function nameOf(claim: unknown): string | undefined {
  const seen = typeof claim === 'string' ? claim.replaceAll(new RegExp(invisibleText, 'gu'), '').trim() : ''
  return seen === '' ? undefined : seen.slice(0, 100)
}

/** Only `true` says that the provider has checked the address. A trusted one need not say so, but must not deny it. */
function isEmailVerified(claim: unknown, trustEmail: boolean): boolean {
  return claim === true || (trustEmail && (claim === undefined || claim === null))
}

/** What it tells at `info` is of no use to an operator. With another level it would write to the console beside it. */
function writeLog(logger: Logger, level: 'debug' | 'info' | 'warn' | 'error', text: string, ...more: unknown[]): void {
  const err = more.find((each) => each instanceof Error)
  logger[level === 'info' ? 'debug' : level]({ ...(err !== undefined && { err }) }, `sign-in: ${text}`)
}

function ownOrigins(host: string | null): string[] {
  return host === null ? [] : [`http://${host}`, `https://${host}`]
}
