import type { Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { invitations } from '@stagewatch/db/people-schema.ts'
import { and, desc, eq, gt, isNull, or, sql } from 'drizzle-orm'
import type { MembershipRow } from './memberships-table.ts'

/** An invitation of somebody to a site. */
export interface InvitationRow extends MembershipRow {
  readonly site: string
  readonly id: string
  readonly email: string
  readonly invitedBy: string
  /** Epoch ms. */
  readonly expiresAt: number
  readonly acceptedAt: number | null
}

/** An invitation, as found by one of its links. */
export interface ShownInvitation extends InvitationRow {
  /** The link was mailed, so its holder can read the mail of the address. */
  readonly byMail: boolean
}

const { site: ofSite, id: ofId, email: ofEmail, role, departments, invitedBy, expiresAt, acceptedAt } = invitations
const columns = { site: ofSite, id: ofId, email: ofEmail, role, departments, invitedBy, expiresAt, acceptedAt }

export async function saveInvitation(
  tx: Queryable,
  invitation: InvitationRow & {
    readonly hash: string
    /** Null if no link is mailed. */
    readonly mailedHash: string | null
    readonly createdAt: number
  },
): Promise<void> {
  await drizzleOn(tx).insert(invitations).values(invitation)
}

/** Invitations that are open, or have expired and were not withdrawn; newest first. */
export function loadInvitations(db: Queryable, site: string): Promise<InvitationRow[]> {
  return drizzleOn(db)
    .select(columns)
    .from(invitations)
    .where(and(eq(invitations.site, site), isNull(invitations.acceptedAt)))
    .orderBy(desc(invitations.createdAt), invitations.id)
}

/** Deletes an open invitation, or all of an address. */
export function deleteInvitations(
  tx: Queryable,
  site: string,
  which: { readonly id: string } | { readonly email: string },
): Promise<InvitationRow[]> {
  const isChosen = 'id' in which ? eq(invitations.id, which.id) : eq(invitations.email, which.email)
  return drizzleOn(tx)
    .delete(invitations)
    .where(and(eq(invitations.site, site), isChosen, isNull(invitations.acceptedAt)))
    .returning(columns)
}

/** The invitation with this link, locked until the transaction ends. */
export async function lockInvitation(tx: Queryable, hash: string): Promise<ShownInvitation | undefined> {
  const [row] = await drizzleOn(tx)
    .select({ ...columns, byMail: sql<boolean>`coalesce(${eq(invitations.mailedHash, hash)}, false)` })
    .from(invitations)
    .where(or(eq(invitations.hash, hash), eq(invitations.mailedHash, hash)))
    .for('update')
  return row
}

/** All open invitations for the address that have not expired, at any site; locked until the transaction ends. */
export function lockOpenInvitations(tx: Queryable, email: string, now: number): Promise<InvitationRow[]> {
  return drizzleOn(tx)
    .select(columns)
    .from(invitations)
    .where(and(eq(invitations.email, email), isNull(invitations.acceptedAt), gt(invitations.expiresAt, now)))
    .orderBy(invitations.site, invitations.id)
    .for('update')
}

export async function markAccepted(tx: Queryable, { site, id }: InvitationRow, now: number): Promise<void> {
  await drizzleOn(tx)
    .update(invitations)
    .set({ acceptedAt: now })
    .where(and(eq(invitations.site, site), eq(invitations.id, id)))
}
