import type { Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { memberships, users } from '@stagewatch/db/people-schema.ts'
import type { Membership } from '@stagewatch/shared/contract/people.ts'
import type { Role } from '@stagewatch/shared/domain/access/role.ts'
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

/** What somebody may do at a site, so that nobody else changes it before the transaction ends. */
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
 * Makes two who take each other's role away at the same moment wait for one another. Belongs before the change, in its
 * transaction; `requireAdministrator` after it.
 * @returns whether there is one: people may have been invited by a command before.
 */
export async function lockAdministrators(tx: Queryable, site: string): Promise<boolean> {
  const found = await administrators(tx, site).orderBy(memberships.userId).for('update', { of: memberships })
  return found.length > 0
}

/** @throws AppError `last_administrator`. Whoever is of some departments or disabled is none of the site. */
export async function requireAdministrator(tx: Queryable, site: string): Promise<void> {
  const left = await administrators(tx, site).limit(1)
  if (left.length === 0) {
    throw new AppError('last_administrator', 'the site would have no administrator of all departments')
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
