import type { Database, Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { twoFactors, userAccounts, users } from '@stagewatch/db/people-schema.ts'
import { and, eq, sql } from 'drizzle-orm'
import { recordAccountChange } from './account-changes.ts'
import { deleteChallenges } from './credential-changes.ts'
import { endAllSessions } from './sessions-table.ts'

/** Why somebody who signs in through the provider gets no account. The values are part of page addresses. */
export type LinkRefusal = 'account_disabled' | 'link_needed' | 'invitation_needed'

interface Account {
  readonly email: string
  readonly verified: boolean
  readonly fictional: boolean
  readonly disabled: boolean
}

/** @returns why nobody may sign in to the account; undefined if sign-in is allowed. */
export async function refuseAccount(db: Queryable, userId: string): Promise<LinkRefusal | undefined> {
  const account = await loadAccount(db, userId)
  if (account === undefined || account.fictional) return 'invitation_needed'
  return account.disabled ? 'account_disabled' : undefined
}

/**
 * Links an account to an identity of the provider with the same, verified address. An account whose address was never
 * proven may have been created by somebody else, so its password, second factor and sessions are dropped. An account
 * with a proven address is linked only for somebody who has just proven to own it.
 * @returns the account, or why it is not linked.
 * @param provenUserId who is signed in in the same browser and has confirmed their identity recently.
 */
export function prepareLink(
  database: Database,
  userId: string,
  provenUserId: string | undefined,
  now: number,
): Promise<LinkRefusal | { readonly email: string }> {
  return database.transaction(async (tx) => {
    const account = await loadAccount(tx, userId)
    if (account === undefined || account.fictional) return 'invitation_needed'
    if (account.disabled) return 'account_disabled'
    const { email, verified } = account
    if (verified && provenUserId !== userId) return 'link_needed'
    if (!verified) {
      await dropCredentials(tx, userId)
      await drizzleOn(tx).update(users).set({ emailVerified: true }).where(eq(users.id, userId))
    }
    const actor = { kind: 'person', name: email } as const
    const after = { singleSignOn: true, credentialsDropped: !verified }
    await recordAccountChange(tx, { userId, email, actor, action: 'account.linked', after }, now)
    return { email }
  })
}

/** Removes every other way into the account: password, second factor, links and challenges, sessions. */
async function dropCredentials(tx: Queryable, userId: string): Promise<void> {
  const isCredential = and(eq(userAccounts.userId, userId), eq(userAccounts.providerId, 'credential'))
  await drizzleOn(tx).delete(userAccounts).where(isCredential)
  await drizzleOn(tx).delete(twoFactors).where(eq(twoFactors.userId, userId))
  await drizzleOn(tx).update(users).set({ twoFactorEnabled: false }).where(eq(users.id, userId))
  await deleteChallenges(tx, userId)
  await endAllSessions(tx, userId)
}

async function loadAccount(db: Queryable, userId: string): Promise<Account | undefined> {
  const [account] = await drizzleOn(db)
    .select({
      email: users.email,
      verified: users.emailVerified,
      fictional: users.fictional,
      disabled: sql<boolean>`${users.disabledAt} is not null`,
    })
    .from(users)
    .where(eq(users.id, userId))
    .for('update')
  return account
}
