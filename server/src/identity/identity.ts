import { randomBytes } from 'node:crypto'
import type { Database } from '@stagewatch/db/database.ts'
import type { Logger } from 'pino'
import type { Attempts } from '../platform/rate-limits/attempts.ts'
import type { Caller } from '../access/caller.ts'
import { logSecurity } from '../platform/security-log.ts'
import type { Clock } from '../platform/clock/clock.ts'
import { prepareLink, refuseAccount } from './account-linking.ts'
import { Enrollment } from './enrollment.ts'
import { createAuth } from './auth.ts'
import type { Auth } from './auth.ts'
import { currentQueryable } from './auth-database.ts'
import { CredentialChanges } from './credential-changes.ts'
import { DeviceCookie } from './device-cookie.ts'
import type { IdentitySettings } from './identity-settings.ts'
import { Invitations } from './invitations.ts'
import { Mail } from './mail.ts'
import { People } from './people.ts'
import { Reauthentication } from './reauthentication.ts'
import { cookieRules, cookieValue, SessionCookie } from './session-cookie.ts'
import { personAt, Sessions } from './sessions.ts'
import { settingOrFirst } from './settings-table.ts'
import { SignInLimits } from './sign-in-limits.ts'

export interface IdentityOptions {
  readonly database: Database
  readonly clock: Clock
  readonly attempts: Attempts
  readonly logger: Logger
  readonly settings: IdentitySettings
  readonly defaultSite: () => Promise<string>
}

/** People, their ways to sign in, and their permissions. */
export class Identity {
  readonly settings: IdentitySettings
  readonly sessions: Sessions
  readonly people: People
  readonly credentials: CredentialChanges
  readonly reauthentication: Reauthentication
  readonly invitations: Invitations
  readonly enrollment: Enrollment
  readonly mail: Mail
  readonly limits: SignInLimits
  readonly #options: IdentityOptions
  #url: string
  #secret: Promise<string> | undefined
  #auth: Promise<Auth> | undefined

  constructor(options: IdentityOptions) {
    const { database, clock, attempts, logger, settings } = options
    this.#options = options
    this.settings = settings
    this.#url = settings.publicUrl ?? 'http://localhost'
    this.mail = new Mail(settings.mail, logger)
    this.limits = new SignInLimits(attempts)
    this.sessions = new Sessions(database, clock, () => this.cookie())
    this.credentials = new CredentialChanges(clock, this.mail)
    this.reauthentication = new Reauthentication({
      database,
      sessions: this.sessions,
      limits: this.limits,
      auth: () => this.auth(),
    })
    this.people = new People(database, clock, this.sessions)
    this.enrollment = new Enrollment(database, clock, this.sessions)
    const linkTo = (page: string, token: string, origin?: string) => this.linkTo(page, token, origin)
    this.invitations = new Invitations({ database, clock, mail: this.mail, linkTo })
  }

  /** URL under which people reach the server. */
  get url(): string {
    return this.#url
  }

  /** Sets the address on which the server listens, which is used unless another one is configured. */
  servedAt(url: string): void {
    this.#url = this.settings.publicUrl ?? url
  }

  /**
   * The address of a page with a secret, placed where no server and no log sees it.
   * @param origin the address at which the caller reaches the server; used unless another one is configured.
   */
  linkTo(page: string, token: string, origin = this.#url): string {
    return `${this.settings.publicUrl ?? origin}/${page}#token=${token}`
  }

  /** The person whose session the cookies hold, as a caller. See `AccessRules`. */
  async findPerson(cookies: string, site: string | undefined): Promise<Caller | undefined> {
    const person = await this.sessions.find(cookies)
    return person === undefined ? undefined : personAt(person, site, await this.#options.defaultSite())
  }

  async cookie(): Promise<SessionCookie> {
    return new SessionCookie(cookieRules(this.settings.publicUrl), await this.#readSecret())
  }

  /** Identifies the sign-in of a browser that waits for a second factor; undefined if there is none. */
  challengeIn(cookies: string): string | undefined {
    const value = cookieValue(cookies, `${cookieRules(this.settings.publicUrl).prefix}.two_factor`)
    const dot = value?.lastIndexOf('.') ?? -1
    return dot < 1 ? undefined : value?.slice(0, dot)
  }

  async deviceCookie(): Promise<DeviceCookie> {
    return new DeviceCookie(cookieRules(this.settings.publicUrl), await this.#readSecret())
  }

  /** Created when first needed: by then the address is known, and most commands do not need it. */
  auth(): Promise<Auth> {
    this.#auth ??= this.#createAuth()
    this.#auth.catch(() => (this.#auth = undefined))
    return this.#auth
  }

  async #createAuth(): Promise<Auth> {
    const { database, clock, logger, settings } = this.#options
    return createAuth({
      database,
      logger,
      url: this.#url,
      secret: await this.#readSecret(),
      cookies: cookieRules(settings.publicUrl),
      singleSignOn: settings.singleSignOn,
      sendResetMail: this.mail.isPossible
        ? async (email, token) => {
            if (await this.limits.mayMailReset(email)) await this.mail.send('reset', email, this.linkTo('reset', token))
          }
        : undefined,
      isExpected: (email) => this.enrollment.isExpected(currentQueryable(database), email),
      admit: (email) => this.enrollment.admitInvited(currentQueryable(database), email),
      refuseAccount: (userId) => refuseAccount(currentQueryable(database), userId),
      prepareLink: async (userId, asker) => {
        const prepared = await prepareLink(database, userId, asker?.provenUserId, clock.now())
        if (typeof prepared === 'string') return prepared
        const { address = '', requestId = '' } = asker ?? {}
        logSecurity(logger, 'account.linked', { who: prepared.email, address, requestId })
        this.credentials.notify('account.linked', prepared.email)
        return undefined
      },
    })
  }

  #readSecret(): Promise<string> {
    const { database, settings } = this.#options
    this.#secret ??=
      settings.secret === undefined
        ? settingOrFirst(database, 'auth_secret', randomBytes(32).toString('base64url'))
        : Promise.resolve(settings.secret)
    this.#secret.catch(() => (this.#secret = undefined))
    return this.#secret
  }
}
