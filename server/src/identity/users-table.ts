import { randomBytes } from 'node:crypto'
import type { Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { memberships, userAccounts, users } from '@stagewatch/db/people-schema.ts'
import { sites } from '@stagewatch/db/schema.ts'
import { and, eq, not, sql } from 'drizzle-orm'
import { AppError } from '../platform/app-error.ts'

export interface NewUser {
  readonly name: string
  readonly email: string
  readonly passwordHash: string
  /** The owner has proven that the address is theirs. */
  readonly emailVerified: boolean
  /** Belongs to the sample alone. */
  readonly fictional?: boolean
}

export function newId(): string {
  return randomBytes(16).toString('hex')
}

/** @throws AppError `already_used` when the address is taken. */
export async function saveUser(tx: Queryable, user: NewUser): Promise<string> {
  const id = newId()
  const { name, email, passwordHash, emailVerified, fictional = false } = user
  const saved = await drizzleOn(tx)
    .insert(users)
    .values({ id, name, email: email.toLowerCase(), emailVerified, fictional })
    .onConflictDoNothing({ target: users.email })
  if (saved.rowCount === 0)
    throw new AppError('already_used', 'an account with this address exists: sign in', { field: 'email' })
  await drizzleOn(tx)
    .insert(userAccounts)
    .values({ id: newId(), userId: id, providerId: 'credential', accountId: id, password: passwordHash })
  return id
}

/** @param email in lower case. */
export async function isKnownEmail(db: Queryable, email: string): Promise<boolean> {
  const found = await drizzleOn(db).select({ id: users.id }).from(users).where(eq(users.email, email))
  return found.length > 0
}

/** Records that its owner has proven to read the mail of the address. */
export async function markVerified(tx: Queryable, userId: string): Promise<void> {
  await drizzleOn(tx)
    .update(users)
    .set({ emailVerified: true })
    .where(and(eq(users.id, userId), not(users.emailVerified)))
}

/** The person of the sample with this address, created if necessary. @returns their id. */
export async function saveFictionalUser(tx: Queryable, name: string, email: string): Promise<string> {
  const [row] = await drizzleOn(tx)
    .insert(users)
    .values({ id: newId(), name, email, emailVerified: true, fictional: true })
    .onConflictDoUpdate({ target: users.email, set: { name, disabledAt: null } })
    .returning({ id: users.id })
  if (row === undefined) throw new Error('an upsert returns its row')
  return row.id
}

export async function renameUser(db: Queryable, userId: string, name: string): Promise<void> {
  await drizzleOn(db)
    .update(users)
    .set({ name, updatedAt: sql`now()` })
    .where(eq(users.id, userId))
}

/** Whether nobody belongs to a real site yet. */
export async function needsFirstAdministrator(db: Queryable): Promise<boolean> {
  const members = await drizzleOn(db)
    .select({ userId: memberships.userId })
    .from(memberships)
    .innerJoin(sites, eq(sites.code, memberships.site))
    .where(not(sites.sample))
    .limit(1)
  return members.length === 0
}
