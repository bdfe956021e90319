import type { Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { memberships, users } from '@stagewatch/db/people-schema.ts'
import type { Membership } from '@stagewatch/shared/contract/people.ts'
import type { Role } from '@stagewatch/shared/domain/access/action.ts'
import { and, eq, isNull } from 'drizzle-orm'
import { AppError } from '../platform/app-error.ts'

export interface MembershipRow {
  readonly role: Role
  readonly departments: readonly string[] | null
}

export function membershipOf({ role, departments }: MembershipRow): Membership {
  return departments === null ? { role } : { role, departments: [...departments] }
}

export async function saveMembership(tx: Queryable, site: string, userId: string, given: Membership): Promise<void> {
  const { role, departments = null } = given
  await drizzleOn(tx)
    .insert(memberships)
    .values({ site, userId, role, departments })
    .onConflictDoUpdate({ target: [memberships.site, memberships.userId], set: { role, departments } })
}

export async function deleteMembership(tx: Queryable, site: string, userId: string): Promise<void> {
  await drizzleOn(tx).delete(memberships).where(isMembership(site, userId))
}

/** Locks the membership of a person at a site until the transaction ends. */
export async function lockMembership(tx: Queryable, site: string, userId: string): Promise<void> {
  await drizzleOn(tx)
    .select({ userId: memberships.userId })
    .from(memberships)
    .where(isMembership(site, userId))
    .for('update')
}

function isMembership(site: string, userId: string) {
  return and(eq(memberships.site, site), eq(memberships.userId, userId))
}

/**
 * Serializes two administrators who remove each other's role at the same moment. To be called before the change, in its
 * transaction, and `requireAdministrator` after it.
 * @returns whether there is an administrator: people may have been invited by a command before the first one.
 */
export async function lockAdministrators(tx: Queryable, site: string): Promise<boolean> {
  const found = await administrators(tx, site).orderBy(memberships.userId).for('update', { of: memberships })
  return found.length > 0
}

/** @throws AppError `last_administrator`. People who are limited to some departments or disabled do not count. */
export async function requireAdministrator(tx: Queryable, site: string): Promise<void> {
  const left = await administrators(tx, site).limit(1)
  if (left.length === 0) {
    throw new AppError('last_administrator', 'the site would be left without an administrator of all departments')
  }
}

function administrators(tx: Queryable, site: string) {
  return drizzleOn(tx)
    .select({ userId: memberships.userId })
    .from(memberships)
    .innerJoin(users, eq(users.id, memberships.userId))
    .where(
      and(
        eq(memberships.site, site),
        eq(memberships.role, 'administrator'),
        isNull(memberships.departments),
        isNull(users.disabledAt),
      ),
    )
}
