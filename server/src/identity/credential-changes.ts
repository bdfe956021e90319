import type { Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { userVerifications } from '@stagewatch/db/people-schema.ts'
import { eq } from 'drizzle-orm'
import type { Clock } from '../platform/clock/clock.ts'
import { recordAccountChange } from './account-changes.ts'
import type { Mail } from './mail.ts'
import type { NoticeKind } from './mail-texts.ts'
import { endPush } from './sessions-table.ts'
import { markVerified } from './users-table.ts'

/** A change of the ways into an account, by its owner or by somebody who has taken it over. */
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
 * The effects of a change of credentials: earlier links and challenges become void, the change is recorded at the sites
 * of the person, and they are notified by mail in case it was somebody else.
 */
export class CredentialChanges {
  readonly #clock: Clock
  readonly #mail: Mail

  constructor(clock: Clock, mail: Mail) {
    this.#clock = clock
    this.#mail = mail
  }

  /**
   * To be called in the transaction of the change itself.
   * @param provesAddress whether it was made through a mailed link.
   */
  async record(
    tx: Queryable,
    action: CredentialChange,
    { id, email }: AccountName,
    provesAddress = false,
  ): Promise<void> {
    await deleteChallenges(tx, id)
    // Sessions end with the password; see `endAllSessions`.
    if (action === 'password.changed' || action === 'password.reset') await endPush(tx, id)
    if (provesAddress) await markVerified(tx, id)
    const change = { userId: id, email, actor: { kind: 'person', name: email }, action } as const
    await recordAccountChange(tx, change, this.#clock.now())
  }

  /** Notifies the owner of a stored change in the background. */
  notify(kind: NoticeKind, email: string): void {
    void this.#mail.notify(kind, email, this.#clock.now())
  }
}

/** Deletes password reset links, and sign-ins that wait for a second factor. */
export async function deleteChallenges(tx: Queryable, userId: string): Promise<void> {
  await drizzleOn(tx).delete(userVerifications).where(eq(userVerifications.value, userId))
}
