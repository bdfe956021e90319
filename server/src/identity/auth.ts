import type { Database } from '@stagewatch/db/database.ts'
import { betterAuth } from 'better-auth'
import type { BetterAuthOptions } from 'better-auth'
import { genericOAuth, twoFactor } from 'better-auth/plugins'
import type { Logger } from 'pino'
import { authAdapter } from './auth-adapter.ts'
import { hashPassword, verifyPassword } from './hash-password.ts'
import type { SingleSignOn } from './identity-settings.ts'
import { longestSessionS } from './session-cookie.ts'
import type { CookieRules } from './session-cookie.ts'

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
}

/** The part of better-auth that is used outside of its own addresses. */
export interface Auth {
  handler(request: Request): Promise<Response>
  /** A token with which the person may choose a new password, within the hour. */
  newResetToken(userId: string): Promise<string>
}

/** How people sign in. Nobody can sign up: accounts come from the setup link and from invitations. */
export function createAuth(options: AuthOptions): Auth {
  const auth = betterAuth(authOptions(options))
  return {
    handler: (request) => auth.handler(request),
    async newResetToken(userId) {
      const { internalAdapter, generateId } = await auth.$context
      const token = generateId({ model: 'verification', size: 32 })
      if (token === false) throw new Error('ids are made by the server')
      const expiresAt = new Date(Date.now() + resetTokenS * 1_000)
      await internalAdapter.createVerificationValue({ identifier: `reset-password:${token}`, value: userId, expiresAt })
      return token
    },
  }
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
    database: authAdapter(database),
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
    account: { encryptOAuthTokens: true, accountLinking: { enabled: true } },
    user: {
      validateUserInfo: async ({ user, source }) => {
        // Before an account is made or an invitation used up, which is more than `requireEmailVerification` does.
        if (user.emailVerified !== true) {
          return { error: 'email_not_verified', errorDescription: 'The provider has not verified your address.' }
        }
        if (source.action !== 'create-user' || (await options.isExpected(user.email ?? ''))) return undefined
        return { error: 'invitation_needed', errorDescription: 'Ask an administrator of your site for an invitation.' }
      },
    },
    databaseHooks: {
      user: { create: { before: async (user) => ({ data: { ...user, id: await options.admit(user.email) } }) } },
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

/** The provider is trusted with addresses unless it says itself that it has not verified one. */
function provider({ issuer, clientId, clientSecret, name }: SingleSignOn) {
  return {
    providerId,
    name,
    clientId,
    clientSecret,
    discoveryUrl: `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`,
    scopes: ['openid', 'email', 'profile'],
    requireIdTokenVerification: true,
    mapProfileToUser: (profile: Readonly<Record<string, unknown>>) => ({
      emailVerified: profile['email_verified'] !== false && profile['email_verified'] !== 'false',
      name: typeof profile['name'] === 'string' && profile['name'] !== '' ? profile['name'] : String(profile['email']),
    }),
  }
}

/** What it tells at `info` is of no use to an operator. With another level it would write to the console beside it. */
function writeLog(logger: Logger, level: 'debug' | 'info' | 'warn' | 'error', text: string, ...more: unknown[]): void {
  const err = more.find((each) => each instanceof Error)
  logger[level === 'info' ? 'debug' : level]({ ...(err !== undefined && { err }) }, `sign-in: ${text}`)
}

function ownOrigins(host: string | null): string[] {
  return host === null ? [] : [`http://${host}`, `https://${host}`]
}
