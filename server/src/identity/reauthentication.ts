import type { Database } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { userAccounts } from '@stagewatch/db/people-schema.ts'
import { and, eq } from 'drizzle-orm'
import type { Auth } from './auth.ts'
import { verifyPassword } from './hash-password.ts'
import type { Sessions } from './sessions.ts'
import type { SessionPerson } from './sessions-table.ts'
import type { SignInLimits } from './sign-in-limits.ts'
import { isUsedCode, useCode } from './used-codes.ts'

interface ReauthenticationOptions {
  readonly database: Database
  readonly sessions: Sessions
  readonly limits: SignInLimits
  readonly auth: () => Promise<Auth>
}

/** Lets a signed-in person confirm their identity before actions that must not be possible in an unattended browser. */
export class Reauthentication {
  readonly #options: ReauthenticationOptions

  constructor(options: ReauthenticationOptions) {
    this.#options = options
  }

  /**
   * @param cookies of the session that is confirmed.
   * @returns whether the password or the code was correct.
   * @throws AppError `rate_limited`
   */
  async confirm(
    person: SessionPerson,
    cookies: string,
    given: { readonly password: string } | { readonly code: string },
  ): Promise<boolean> {
    const { limits, sessions } = this.#options
    const prove = () =>
      'password' in given ? this.#isPassword(person.id, given.password) : this.#isCode(person, cookies, given.code)
    const isRight = await limits.prove(person.id, prove, (right) => !right)
    if (isRight) await sessions.markProven(cookies)
    return isRight
  }

  async #isPassword(userId: string, password: string): Promise<boolean> {
    const [account] = await drizzleOn(this.#options.database)
      .select({ hash: userAccounts.password })
      .from(userAccounts)
      .where(and(eq(userAccounts.userId, userId), eq(userAccounts.providerId, 'credential')))
    const stored = account?.hash ?? undefined
    return stored !== undefined && verifyPassword({ hash: stored, password })
  }

  async #isCode({ id, twoFactor }: SessionPerson, cookies: string, code: string): Promise<boolean> {
    const { database, auth } = this.#options
    if (!twoFactor || (await isUsedCode(database, id, code))) return false
    return (await (await auth()).verifyCode(cookies, code)) && (await useCode(database, id, code))
  }
}
