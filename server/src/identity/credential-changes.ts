import type { Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { userVerifications } from '@stagewatch/db/people-schema.ts'
import { eq } from 'drizzle-orm'
import type { Clock } from '../platform/clock/clock.ts'
import { recordAccountChange } from './account-changes.ts'
import type { Mail } from './mail.ts'
import type { NoticeKind } from './mail-texts.ts'
import { markVerified } from './users-table.ts'

/** A way into an account was changed by its owner, or by whoever has taken it over. */
export type CredentialChange =
  | 'password.changed'
  | 'password.reset'
  | 'second-factor.enabled'
  | 'second-factor.disabled'

export interface AccountName {
  readonly id: string
  readonly email: string
}

/**
 * What follows when somebody's credentials have changed: links and challenges of before are void, the change is
 * recorded at their sites, and they are told by mail, in case it was not them.
 */
export class CredentialChanges {
  readonly #clock: Clock
  readonly #mail: Mail

  constructor(clock: Clock, mail: Mail) {
    this.#clock = clock
    this.#mail = mail
  }

  /** Belongs into the transaction of the change itself. @param provesAddress it was done by a link that was mailed. */
  async record(
    tx: Queryable,
    action: CredentialChange,
    { id, email }: AccountName,
    provesAddress = false,
  ): Promise<void> {
    await deleteChallenges(tx, id)
    if (provesAddress) await markVerified(tx, id)
    const change = { userId: id, email, actor: { kind: 'person', name: email }, action } as const
    await recordAccountChange(tx, change, this.#clock.now())
  }

  /** Tells the owner of what is stored, without anybody waiting for it. */
  notify(kind: NoticeKind, email: string): void {
    void this.#mail.notify(kind, email, this.#clock.now())
  }
}

/** Ends links to reset the password, and sign-ins that wait for a second factor. */
export async function deleteChallenges(tx: Queryable, userId: string): Promise<void> {
  await drizzleOn(tx).delete(userVerifications).where(eq(userVerifications.value, userId))
}
