import type { Database, Queryable } from '@stagewatch/db/database.ts'
import type { Role } from '@stagewatch/shared/domain/access/role.ts'
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

/** Somebody has come in. */
export interface Enrolled {
  readonly site: string
  readonly email: string
  /** Of a new session; undefined: they go on with the one that they have. */
  readonly sessionToken?: string
}

/** The ways in which somebody comes to be known: the setup link, an invitation, the sample. */
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

  /** A new token for the setup link, which ends the one before. */
  async newSetupToken(): Promise<string> {
    const token = newToken()
    await saveSetting(this.#database, 'setup_token_hash', tokenHash(token))
    return token
  }

  /** Makes the first administrator. @throws AppError `already_used` */
  async setUp(
    given: { readonly token: string; readonly name: string; readonly email: string; readonly password: string },
    origin: SessionOrigin,
  ): Promise<Enrolled> {
    const { token, name, password } = given
    const email = given.email.toLowerCase()
    // Before the password is hashed, which is dear: whoever has no link costs nothing.
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
   * Whoever is signed in only joins; somebody new gives a name and a password, and is signed in.
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
      await requireUnknown(tx, email)
      if (name === undefined || passwordHash === undefined) throw new Error('somebody new was asked for both')
      const fictional = site === sampleSite && isFictionalAddress(email)
      const id = await saveUser(tx, { name, email, passwordHash, emailVerified: byMail, fictional })
      await joinSite(tx, invitation, id, now)
      return { site, email, sessionToken: await saveSession(tx, id, origin) }
    })
    this.#sessions.forget()
    return admitted
  }

  /** Of the password of somebody new, whose link is looked at first, because a hash is dear. */
  async #hashFor({ token, name, password }: NewPerson): Promise<string> {
    const { email } = requireOpen(await lockInvitation(this.#database, tokenHash(token)), this.#clock.now())
    await requireUnknown(this.#database, email)
    if (name === undefined) throw new AppError('missing_field', 'say your name', { field: 'name' })
    if (password === undefined) throw new AppError('missing_field', 'choose a password', { field: 'password' })
    requireStrongPassword(password, 'password', [name, email])
    return hashPassword(password)
  }

  /** Whether an invitation waits for the address. @param tx the transaction that somebody comes in with. */
  async isExpected(tx: Queryable, email: string): Promise<boolean> {
    return (await lockOpenInvitations(tx, email.toLowerCase(), this.#clock.now())).length > 0
  }

  /** Somebody comes through single sign-on who was invited: accepts all that waits for them. @returns their id. */
  async admitInvited(tx: Queryable, email: string): Promise<string> {
    const [id, now] = [newId(), this.#clock.now()]
    for (const invitation of await lockOpenInvitations(tx, email.toLowerCase(), now)) {
      await joinSite(tx, invitation, id, now)
    }
    return id
  }

  /** Signs in the fictional person with this role, at the sample alone. */
  async enterSample(role: Role, origin: SessionOrigin): Promise<Enrolled> {
    const email = `${role}@sample.invalid`
    return this.#database.transaction(async (tx) => {
      const id = await saveFictionalUser(tx, `Sample ${role}`, email)
      await saveMembership(tx, sampleSite, id, { role })
      return { site: sampleSite, email, sessionToken: await saveSession(tx, id, origin) }
    })
  }
}

interface NewPerson {
  /** Of the link. */
  readonly token: string
  /** Both of somebody who has no account. */
  readonly name?: string | undefined
  readonly password?: string | undefined
}

function usedSetup(): AppError {
  return new AppError('already_used', 'the setup link was used, or a newer one was printed')
}

function requireOpen(invitation: ShownInvitation | undefined, now: number): ShownInvitation {
  if (invitation === undefined) throw new AppError('not_found', 'there is no such invitation, or it was withdrawn')
  if (invitation.acceptedAt !== null) throw new AppError('already_used', 'the invitation was accepted before')
  if (invitation.expiresAt <= now) throw new AppError('code_expired', 'the invitation has expired')
  return invitation
}

function requireSame({ email, fictional }: SessionPerson, invited: string): void {
  if (!fictional && email === invited) return
  throw new AppError('forbidden', 'the invitation is for another address: sign out first')
}

async function requireUnknown(tx: Queryable, email: string): Promise<void> {
  if (await isKnownEmail(tx, email))
    throw new AppError('already_used', 'there is an account with this address: sign in first')
}

/** Makes the person a member as the invitation says, and uses it up. Belongs into a transaction that has locked it. */
async function joinSite(tx: Queryable, invitation: InvitationRow, userId: string, now: number): Promise<void> {
  const { site, email } = invitation
  const joined = membershipOf(invitation)
  await saveMembership(tx, site, userId, joined)
  await markAccepted(tx, invitation, now)
  const author = { kind: 'person', name: email, site } as const
  await recordAccessChange(tx, author, now, { action: 'person.joined', subject: email, after: joined })
}
