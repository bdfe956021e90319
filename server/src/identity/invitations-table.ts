import { epochMs, toInstant } from '@stagewatch/db/database.ts'
import type { Queryable } from '@stagewatch/db/database.ts'
import type { MembershipRow } from './memberships-table.ts'

/** Somebody was asked to come. */
export interface InvitationRow extends MembershipRow {
  readonly site: string
  readonly id: string
  readonly email: string
  readonly invitedBy: string
  /** Epoch ms. */
  readonly expiresAt: number
  readonly acceptedAt: number | null
}

const columns = `site, id, email, role, departments, invited_by as "invitedBy",
  ${epochMs('expires_at')} as "expiresAt", ${epochMs('accepted_at')} as "acceptedAt"`

export async function saveInvitation(
  tx: Queryable,
  invitation: InvitationRow & { readonly hash: string; readonly createdAt: number },
): Promise<void> {
  const { site, id, email, role, departments, invitedBy, expiresAt, hash, createdAt } = invitation
  await tx.query(
    `insert into invitations (site, id, email, role, departments, hash, invited_by, created_at, expires_at)
     values ($1, $2, $3, $4, $5::text[], $6, $7, ${toInstant('$8::float8')}, ${toInstant('$9::float8')})`,
    [site, id, email, role, departments, hash, invitedBy, createdAt, expiresAt],
  )
}

/** Those that wait to be accepted, or have expired and were not withdrawn; the newest first. */
export function loadInvitations(db: Queryable, site: string): Promise<InvitationRow[]> {
  return db.query<InvitationRow>(
    `select ${columns} from invitations where site = $1 and accepted_at is null order by created_at desc, id`,
    [site],
  )
}

/** Removes one that nobody has accepted, or all of an address. */
export function deleteInvitations(
  tx: Queryable,
  site: string,
  which: { readonly id: string } | { readonly email: string },
): Promise<InvitationRow[]> {
  const [column, value] = 'id' in which ? ['id', which.id] : ['email', which.email]
  return tx.query<InvitationRow>(
    `delete from invitations where site = $1 and ${column} = $2 and accepted_at is null returning ${columns}`,
    [site, value],
  )
}

/** The one with this link, which nobody else takes until the transaction ends. */
export async function lockInvitation(tx: Queryable, hash: string): Promise<InvitationRow | undefined> {
  const [row] = await tx.query<InvitationRow>(`select ${columns} from invitations where hash = $1 for update`, [hash])
  return row
}

/** All that wait for the address and have not expired, at any site; nobody else takes them meanwhile. */
export function lockOpenInvitations(tx: Queryable, email: string, now: number): Promise<InvitationRow[]> {
  return tx.query<InvitationRow>(
    `select ${columns} from invitations
     where email = $1 and accepted_at is null and expires_at > ${toInstant('$2::float8')} order by site, id for update`,
    [email, now],
  )
}

export async function markAccepted(tx: Queryable, { site, id }: InvitationRow, now: number): Promise<void> {
  await tx.query(`update invitations set accepted_at = ${toInstant('$3::float8')} where site = $1 and id = $2`, [
    site,
    id,
    now,
  ])
}
