import type { Queryable } from '@stagewatch/db/database.ts'
import type { Membership } from '@stagewatch/shared/contract/people.ts'
import type { Role } from '@stagewatch/shared/domain/access/role.ts'
import { AppError } from '../app-error.ts'

export interface MembershipRow {
  readonly role: Role
  readonly departments: readonly string[] | null
}

export function membershipOf({ role, departments }: MembershipRow): Membership {
  return departments === null ? { role } : { role, departments: [...departments] }
}

export async function saveMembership(tx: Queryable, site: string, userId: string, given: Membership): Promise<void> {
  await tx.query(
    `insert into memberships (site, user_id, role, departments) values ($1, $2, $3, $4::text[])
     on conflict (site, user_id) do update set role = excluded.role, departments = excluded.departments`,
    [site, userId, given.role, given.departments ?? null],
  )
}

export async function deleteMembership(tx: Queryable, site: string, userId: string): Promise<void> {
  await tx.query('delete from memberships where site = $1 and user_id = $2', [site, userId])
}

/**
 * Makes two who take each other's role away at the same moment wait for one another. Belongs before the change, in its
 * transaction; `requireAdministrator` after it.
 * @returns whether there is one: people may have been invited by a command before.
 */
export async function lockAdministrators(tx: Queryable, site: string): Promise<boolean> {
  const found = await tx.query(
    `select user_id from memberships where site = $1 and role = 'administrator' and departments is null
     order by user_id for update`,
    [site],
  )
  return found.length > 0
}

/** @throws AppError `last_administrator`. An administrator of some departments is none of the site. */
export async function requireAdministrator(tx: Queryable, site: string): Promise<void> {
  const left = await tx.query(
    `select from memberships where site = $1 and role = 'administrator' and departments is null limit 1`,
    [site],
  )
  if (left.length === 0) {
    throw new AppError('last_administrator', 'the site would have no administrator of all departments')
  }
}
