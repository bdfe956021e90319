import type { Queryable } from '@stagewatch/db/database.ts'
import { recordAccessChange } from '../access/record-access-change.ts'
import { markAccepted } from './invitations-table.ts'
import type { InvitationRow } from './invitations-table.ts'
import { membershipOf, saveMembership } from './memberships-table.ts'

/** Makes the person a member as the invitation says, and uses it up. Belongs into a transaction that has locked it. */
export async function joinSite(tx: Queryable, invitation: InvitationRow, userId: string, now: number): Promise<void> {
  const { site, email } = invitation
  const joined = membershipOf(invitation)
  await saveMembership(tx, site, userId, joined)
  await markAccepted(tx, invitation, now)
  const author = { kind: 'person', name: email, site } as const
  await recordAccessChange(tx, author, now, { action: 'person.joined', subject: email, after: joined })
}
