import type { Database, Queryable } from '@stagewatch/db/database.ts'
import type { Role } from '@stagewatch/shared/domain/access/action.ts'
import { recordAccessChange } from '../access/record-access-change.ts'
import { AppError } from '../platform/app-error.ts'
import type { Clock } from '../platform/clock/clock.ts'
import { mainSite, sampleSite } from '../platform/site.ts'
import { isFictionalAddress } from './fictional-address.ts'
import { hashPassword } from './hash-password.ts'
import { lockInvitation, lockOpenInvitations, markAccepted } from './invitations-table.ts'
import type { ShownInvitation, InvitationRow } from './invitations-table.ts'
import { saveMembership, membershipOf } from './memberships-table.ts'
import { newToken, tokenHash } from './secret-token.ts'
import type { SessionPerson, SessionOrigin } from './sessions-table.ts'
import { saveSession } from './sessions-table.ts'
import type { Sessions } from './sessions.ts'
import { hasSetting, saveSetting, takeSetting } from './settings-table.ts'
import {
  isKnownEmail,
  markVerified,
  newId,
  needsFirstAdministrator,
  saveFictionalUser,
  saveUser,
} from './users-table.ts'
import { requireStrongPassword } from './weak-password.ts'

/** Result of joining a site. */
export interface Enrolled {
  readonly site: string
  readonly email: string
  /** Token of a new session; undefined if they keep the current one. */
  readonly sessionToken?: string
}

/** The ways in which people get an account: the setup link, an invitation, the sample. */
export class Enrollment {
  readonly #database: Database
  readonly #clock: Clock
  readonly #sessions: Sessions

  constructor(database: Database, clock: Clock, sessions: Sessions) {
    this.#database = database
    this.#clock = clock
    this.#sessions = sessions
  }

  needsSetup(): Promise<boolean> {
    return needsFirstAdministrator(this.#database)
  }

  /** Creates a new token for the setup link, which replaces the previous one. */
  async newSetupToken(): Promise<string> {
    const token = newToken()
    await saveSetting(this.#database, 'setup_token_hash', tokenHash(token))
    return token
  }

  /** Creates the first administrator. @throws AppError `already_used` */
  async setUp(
    given: { readonly token: string; readonly name: string; readonly email: string; readonly password: string },
    origin: SessionOrigin,
  ): Promise<Enrolled> {
    const { token, name, password } = given
    const email = given.email.toLowerCase()
    // Checked before the expensive password hash, so that a caller without a valid link costs nothing.
    if (!(await hasSetting(this.#database, 'setup_token_hash', tokenHash(token)))) throw usedSetup()
    requireStrongPassword(password, 'password', [name, email])
    const passwordHash = await hashPassword(password)
    return this.#database.transaction(async (tx) => {
      const first = (await takeSetting(tx, 'setup_token_hash', tokenHash(token))) && (await needsFirstAdministrator(tx))
      if (!first) throw usedSetup()
      const id = await saveUser(tx, { name, email, passwordHash, emailVerified: false })
      const administrator = { role: 'administrator' } as const
      await saveMembership(tx, mainSite, id, administrator)
      const author = { kind: 'person', name: email, site: mainSite } as const
      const change = { action: 'setup.done', subject: email, after: administrator } as const
      await recordAccessChange(tx, author, this.#clock.now(), change)
      return { site: mainSite, email, sessionToken: await saveSession(tx, id, origin) }
    })
  }

  /**
   * Somebody who is signed in only joins; a new person gives a name and a password, and is signed in.
   * @throws AppError `not_found`, `already_used`, `code_expired`, `forbidden`, `missing_field`
   */
  async acceptInvitation(
    given: NewPerson,
    person: SessionPerson | undefined,
    origin: SessionOrigin,
  ): Promise<Enrolled> {
    const { token, name } = given
    const passwordHash = person === undefined ? await this.#hashFor(given) : undefined
    const admitted = await this.#database.transaction(async (tx) => {
      const now = this.#clock.now()
      const invitation = requireOpen(await lockInvitation(tx, tokenHash(token)), now)
      const { site, email, byMail } = invitation
      if (person !== undefined) {
        requireSame(person, email)
        if (byMail) await markVerified(tx, person.id)
        await joinSite(tx, invitation, person.id, now)
        return { site, email }
      }
      if (name === undefined || passwordHash === undefined) throw new Error('a new user must send both')
      const fictional = site === sampleSite && isFictionalAddress(email)
      const id = await saveUser(tx, { name, email, passwordHash, emailVerified: byMail, fictional })
      await joinSite(tx, invitation, id, now)
      return { site, email, sessionToken: await saveSession(tx, id, origin) }
    })
    this.#sessions.forget()
    return admitted
  }

  /** The hash for a new person. The link is checked first, because hashing is expensive. */
  async #hashFor({ token, name, password }: NewPerson): Promise<string> {
    const { email } = requireOpen(await lockInvitation(this.#database, tokenHash(token)), this.#clock.now())
    await requireUnknown(this.#database, email)
    if (name === undefined) throw new AppError('missing_field', 'enter your name', { field: 'name' })
    if (password === undefined) throw new AppError('missing_field', 'choose a password', { field: 'password' })
    requireStrongPassword(password, 'password', [name, email])
    return hashPassword(password)
  }

  /** Whether there is an open invitation for the address. @param tx the transaction of the first sign-in. */
  async isExpected(tx: Queryable, email: string): Promise<boolean> {
    return (await lockOpenInvitations(tx, email.toLowerCase(), this.#clock.now())).length > 0
  }

  /** Admits an invited person who signs in through single sign-on: accepts all open invitations. @returns their id. */
  async admitInvited(tx: Queryable, email: string): Promise<string> {
    const [id, now] = [newId(), this.#clock.now()]
    for (const invitation of await lockOpenInvitations(tx, email.toLowerCase(), now)) {
      await joinSite(tx, invitation, id, now)
    }
    return id
  }

  /** Signs in as the fictional person with this role, who belongs to the sample only. */
  async enterSample(role: Role, origin: SessionOrigin): Promise<Enrolled> {
    const { name, email } = samplePerson(role)
    return this.#database.transaction(async (tx) => {
      const id = await saveFictionalUser(tx, name, email)
      await saveMembership(tx, sampleSite, id, { role })
      return { site: sampleSite, email, sessionToken: await saveSession(tx, id, origin) }
    })
  }
}

/** The fictional person as whom visitors enter the sample in a role. */
export function samplePerson(role: Role): { readonly name: string; readonly email: string } {
  return { name: `Sample ${role}`, email: `${role}@sample.invalid` }
}

interface NewPerson {
  /** The token in the link. */
  readonly token: string
  /** Name and password are required from somebody without an account. */
  readonly name?: string | undefined
  readonly password?: string | undefined
}

function usedSetup(): AppError {
  return new AppError('already_used', 'the setup link has been used, or a newer one was printed')
}

function requireOpen(invitation: ShownInvitation | undefined, now: number): ShownInvitation {
  if (invitation === undefined) throw new AppError('not_found', 'the invitation does not exist or was withdrawn')
  if (invitation.acceptedAt !== null) throw new AppError('already_used', 'the invitation has already been accepted')
  if (invitation.expiresAt <= now) throw new AppError('code_expired', 'the invitation has expired')
  return invitation
}

function requireSame({ email, fictional }: SessionPerson, invited: string): void {
  if (!fictional && email === invited) return
  throw new AppError('forbidden', 'the invitation is for another address: sign out first')
}

async function requireUnknown(db: Queryable, email: string): Promise<void> {
  if (await isKnownEmail(db, email))
    throw new AppError('already_used', 'an account with this address exists: sign in first')
}

/**
 * Makes the person a member according to the invitation, and deletes it. To be called in the transaction that locked
 * it.
 */
async function joinSite(tx: Queryable, invitation: InvitationRow, userId: string, now: number): Promise<void> {
  const { site, email } = invitation
  const joined = membershipOf(invitation)
  await saveMembership(tx, site, userId, joined)
  await markAccepted(tx, invitation, now)
  const author = { kind: 'person', name: email, site } as const
  await recordAccessChange(tx, author, now, { action: 'person.joined', subject: email, after: joined })
}
