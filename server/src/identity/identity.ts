import { randomBytes } from 'node:crypto'
import type { Database } from '@stagewatch/db/database.ts'
import type { Logger } from 'pino'
import type { Caller } from '../access/caller.ts'
import type { Clock } from '../clock/clock.ts'
import { Admission } from './admission.ts'
import { createAuth } from './auth.ts'
import type { Auth } from './auth.ts'
import { currentQueryable } from './auth-adapter.ts'
import type { IdentitySettings } from './identity-settings.ts'
import { Invitations } from './invitations.ts'
import { Mail } from './mail.ts'
import { People } from './people.ts'
import { cookieRules, SessionCookie } from './session-cookie.ts'
import { personAt, Sessions } from './sessions.ts'
import { settingOrFirst } from './settings-table.ts'
import { SignInLimits } from './sign-in-limits.ts'

export interface IdentityOptions {
  readonly database: Database
  readonly clock: Clock
  readonly logger: Logger
  readonly settings: IdentitySettings
  readonly defaultSite: () => Promise<string>
}

/** Who people are, how they come in, and what they may do. */
export class Identity {
  readonly settings: IdentitySettings
  readonly sessions: Sessions
  readonly people: People
  readonly invitations: Invitations
  readonly admission: Admission
  readonly mail: Mail
  readonly limits: SignInLimits
  readonly #options: IdentityOptions
  #url: string
  #secret: Promise<string> | undefined
  #auth: Promise<Auth> | undefined

  constructor(options: IdentityOptions) {
    const { database, clock, logger, settings } = options
    this.#options = options
    this.settings = settings
    this.#url = settings.publicUrl ?? 'http://localhost'
    this.mail = new Mail(settings.mail, logger)
    this.limits = new SignInLimits(clock)
    this.sessions = new Sessions(database, clock, () => this.cookie())
    this.people = new People(database, clock, this.sessions)
    this.admission = new Admission(database, clock, this.sessions)
    const linkTo = (page: string, token: string) => this.linkTo(page, token)
    this.invitations = new Invitations({ database, clock, mail: this.mail, linkTo })
  }

  /** Where people reach the server. */
  get url(): string {
    return this.#url
  }

  /** The server listens here, which is how it is reached unless it was configured otherwise. */
  servedAt(url: string): void {
    this.#url = this.settings.publicUrl ?? url
  }

  /** A page with a secret, which stands where no server and no log sees it. */
  linkTo(page: string, token: string): string {
    return `${this.#url}/${page}#token=${token}`
  }

  /** The person whose session the cookies hold, as caller. See `AccessRules`. */
  async findPerson(cookies: string, site: string | undefined): Promise<Caller | undefined> {
    const person = await this.sessions.find(cookies)
    return person === undefined ? undefined : personAt(person, site, await this.#options.defaultSite())
  }

  async cookie(): Promise<SessionCookie> {
    return new SessionCookie(cookieRules(this.settings.publicUrl), await this.#readSecret())
  }

  /** Made when it is first needed: by then the address is known, and commands mostly need none. */
  auth(): Promise<Auth> {
    this.#auth ??= this.#createAuth()
    this.#auth.catch(() => (this.#auth = undefined))
    return this.#auth
  }

  async #createAuth(): Promise<Auth> {
    const { database, logger, settings } = this.#options
    return createAuth({
      database,
      logger,
      url: this.#url,
      secret: await this.#readSecret(),
      cookies: cookieRules(settings.publicUrl),
      singleSignOn: settings.singleSignOn,
      sendResetMail: this.mail.isPossible
        ? async (email, token) => void (await this.mail.send('reset', email, this.linkTo('reset', token)))
        : undefined,
      isExpected: (email) => this.admission.isExpected(currentQueryable(database), email),
      admit: (email) => this.admission.admitInvited(currentQueryable(database), email),
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
