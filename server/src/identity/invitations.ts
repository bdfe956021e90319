import type { Database, Queryable } from '@stagewatch/db/database.ts'
import type { InvitationCreated, Membership, PeopleList } from '@stagewatch/shared/contract/people.ts'
import type { Caller } from '../access/caller.ts'
import { recordAccessChange } from '../access/record-access-change.ts'
import { AppError } from '../app-error.ts'
import type { Clock } from '../clock/clock.ts'
import { deleteInvitations, loadInvitations, saveInvitation } from './invitations-table.ts'
import type { InvitationRow } from './invitations-table.ts'
import type { Mail } from './mail.ts'
import { membershipOf } from './memberships-table.ts'
import { requireOwnDepartments } from './require-own-departments.ts'
import { newToken, tokenHash } from './secret-token.ts'
import { newId } from './users-table.ts'

const validMs = 7 * 24 * 3_600_000

type Invitation = PeopleList['invitations'][number]

interface InvitationsOptions {
  readonly database: Database
  readonly clock: Clock
  readonly mail: Mail
  /** Address of a page of this server. */
  readonly linkTo: (page: string, token: string) => string
}

/** Who is asked to come to a site. How somebody comes is in `Admission`. */
export class Invitations {
  readonly #options: InvitationsOptions

  constructor(options: InvitationsOptions) {
    this.#options = options
  }

  async list(site: string): Promise<Invitation[]> {
    return (await loadInvitations(this.#options.database, site)).map(shown)
  }

  /**
   * Invites somebody, and takes back what they were sent before.
   * @param mailed false: the link is handed on by hand.
   * @throws AppError `already_used` when they belong to the site, or `forbidden`.
   */
  async invite(
    caller: Caller,
    { email: given, ...membership }: Membership & { readonly email: string },
    mailed: boolean,
  ): Promise<InvitationCreated> {
    const { database, clock, mail, linkTo } = this.#options
    requireOwnDepartments(caller, membership.departments)
    const [email, token, now] = [given.toLowerCase(), newToken(), clock.now()]
    const { role, departments = null } = membership
    const { site, name: invitedBy } = caller
    const expiresAt = now + validMs
    const row = { site, id: newId(), email, role, departments, invitedBy, expiresAt, acceptedAt: null }
    await database.transaction(async (tx) => {
      await requireStranger(tx, site, email)
      for (const old of await deleteInvitations(tx, site, { email })) await this.#recordWithdrawal(tx, caller, old)
      await saveInvitation(tx, { ...row, hash: tokenHash(token), createdAt: now })
      await recordAccessChange(tx, caller, now, { action: 'person.invited', subject: email, after: membership })
    })
    const link = linkTo('join', token)
    return { invitation: shown(row), link, mailed: mailed && (await mail.send('invitation', email, link)) }
  }

  /** @throws AppError `not_found` or `forbidden`. */
  async withdraw(caller: Caller, id: string): Promise<void> {
    await this.#options.database.transaction(async (tx) => {
      const [row] = await deleteInvitations(tx, caller.site, { id })
      if (row === undefined) throw new AppError('not_found', 'there is no such invitation', { field: 'id' })
      requireOwnDepartments(caller, row.departments ?? undefined)
      await this.#recordWithdrawal(tx, caller, row)
    })
  }

  #recordWithdrawal(tx: Queryable, caller: Caller, row: InvitationRow): Promise<void> {
    const change = { action: 'invitation.withdrawn', subject: row.email, before: membershipOf(row) } as const
    return recordAccessChange(tx, caller, this.#options.clock.now(), change)
  }
}

async function requireStranger(tx: Queryable, site: string, email: string): Promise<void> {
  const members = await tx.query(
    'select from memberships m join users u on u.id = m.user_id where m.site = $1 and u.email = $2',
    [site, email],
  )
  if (members.length > 0) throw new AppError('already_used', 'this person belongs to the site', { field: 'email' })
}

function shown(row: InvitationRow): Invitation {
  const { id, email, invitedBy, expiresAt } = row
  return { id, email, invitedBy, expiresAt: Math.round(expiresAt), ...membershipOf(row) }
}
