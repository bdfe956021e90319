import type { Database, Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { memberships, users } from '@stagewatch/db/people-schema.ts'
import type { InvitationCreated, Membership, PeopleList } from '@stagewatch/shared/contract/people.ts'
import { and, eq } from 'drizzle-orm'
import type { Caller } from '../access/caller.ts'
import { recordAccessChange } from '../access/record-access-change.ts'
import { AppError } from '../platform/app-error.ts'
import type { Clock } from '../platform/clock/clock.ts'
import { deleteInvitations, loadInvitations, saveInvitation } from './invitations-table.ts'
import type { InvitationRow } from './invitations-table.ts'
import { isFictionalAddress } from './fictional-address.ts'
import type { Mail } from './mail.ts'
import { membershipOf } from './memberships-table.ts'
import { requireOwnDepartments } from '../access/caller.ts'
import { newToken, tokenHash } from './secret-token.ts'
import { newId } from './users-table.ts'

const validMs = 7 * 24 * 3_600_000

type Invitation = PeopleList['invitations'][number]

interface InvitationsOptions {
  readonly database: Database
  readonly clock: Clock
  readonly mail: Mail
  /** Address of a page of this server. @param origin the origin under which it is reached. */
  readonly linkTo: (page: string, token: string, origin?: string) => string
}

/** The invitations to a site. `Enrollment` accepts them. */
export class Invitations {
  readonly #options: InvitationsOptions

  constructor(options: InvitationsOptions) {
    this.#options = options
  }

  async list(site: string): Promise<Invitation[]> {
    return (await loadInvitations(this.#options.database, site)).map(shown)
  }

  /**
   * Invites somebody, and withdraws earlier invitations of the same person.
   * @param inSample anybody may act as administrator there, so only fictional people are invited, and never by mail.
   * @param origin the address at which the inviter reaches the server; undefined for a command, which reaches it
   * differently.
   * @throws AppError `already_used` when they belong to the site, `invalid_field`, or `forbidden`.
   */
  async invite(
    caller: Caller,
    { email: given, ...membership }: Membership & { readonly email: string },
    inSample: boolean,
    origin?: string,
  ): Promise<InvitationCreated> {
    const { database, clock, mail, linkTo } = this.#options
    requireOwnDepartments(caller, membership.departments)
    if (inSample && caller.kind !== 'operator') requireFictional(given)
    const [email, token, now] = [given.toLowerCase(), newToken(), clock.now()]
    const { role, departments = null } = membership
    const { site, name: invitedBy } = caller
    const expiresAt = now + validMs
    // Somebody who was only shown the link has not proven that they read the mail of the address.
    const mailedToken = !inSample && mail.isPossible ? newToken() : undefined
    const mailedHash = mailedToken === undefined ? null : tokenHash(mailedToken)
    const row = { site, id: newId(), email, role, departments, invitedBy, expiresAt, acceptedAt: null }
    await database.transaction(async (tx) => {
      await requireNotMember(tx, site, email)
      for (const old of await deleteInvitations(tx, site, { email })) {
        requireOwnDepartments(caller, old.departments ?? undefined)
        await this.#recordWithdrawal(tx, caller, old)
      }
      await saveInvitation(tx, { ...row, hash: tokenHash(token), mailedHash, createdAt: now })
      await recordAccessChange(tx, caller, now, { action: 'person.invited', subject: email, after: membership })
    })
    const mailed = mailedToken !== undefined && (await mail.send('invitation', email, linkTo('join', mailedToken)))
    return { invitation: shown(row), link: linkTo('join', token, origin), mailed }
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

function requireFictional(email: string): void {
  if (isFictionalAddress(email)) return
  throw new AppError('invalid_field', 'the sample knows fictional people only: use an address that ends in .example', {
    field: 'email',
    reason: 'not_fictional',
  })
}

async function requireNotMember(tx: Queryable, site: string, email: string): Promise<void> {
  const members = await drizzleOn(tx)
    .select({ id: users.id })
    .from(memberships)
    .innerJoin(users, eq(users.id, memberships.userId))
    .where(and(eq(memberships.site, site), eq(users.email, email)))
  if (members.length > 0)
    throw new AppError('already_used', 'this person is already a member of the site', { field: 'email' })
}

function shown(row: InvitationRow): Invitation {
  const { id, email, invitedBy, expiresAt } = row
  return { id, email, invitedBy, expiresAt, ...membershipOf(row) }
}
