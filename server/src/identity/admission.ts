import type { Database, Queryable } from '@stagewatch/db/database.ts'
import type { Role } from '@stagewatch/shared/domain/access/role.ts'
import { recordAccessChange } from '../access/record-access-change.ts'
import { AppError } from '../app-error.ts'
import type { Clock } from '../clock/clock.ts'
import { mainSite, sampleSite } from '../sites/site.ts'
import { hashPassword } from './hash-password.ts'
import { lockInvitation, lockOpenInvitations } from './invitations-table.ts'
import type { InvitationRow } from './invitations-table.ts'
import { joinSite } from './join-site.ts'
import { saveMembership } from './memberships-table.ts'
import { newToken, tokenHash } from './secret-token.ts'
import type { SessionPerson } from './sessions-table.ts'
import { saveSession } from './sessions-table.ts'
import type { SessionOrigin } from './sessions-table.ts'
import type { Sessions } from './sessions.ts'
import { saveSetting, takeSetting } from './settings-table.ts'
import { newId, nobodyIsSetUp, saveFictionalUser, saveUser } from './users-table.ts'

/** Somebody has come in. */
export interface Admitted {
  readonly site: string
  /** Of a new session; undefined: they go on with the one that they have. */
  readonly sessionToken?: string
}

/** The ways in which somebody comes to be known: the setup link, an invitation, the sample. */
export class Admission {
  readonly #database: Database
  readonly #clock: Clock
  readonly #sessions: Sessions

  constructor(database: Database, clock: Clock, sessions: Sessions) {
    this.#database = database
    this.#clock = clock
    this.#sessions = sessions
  }

  needsSetup(): Promise<boolean> {
    return nobodyIsSetUp(this.#database)
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
  ): Promise<Admitted> {
    const { token, name, password } = given
    const [email, passwordHash] = [given.email.toLowerCase(), await hashPassword(password)]
    return this.#database.transaction(async (tx) => {
      const first = (await takeSetting(tx, 'setup_token_hash', tokenHash(token))) && (await nobodyIsSetUp(tx))
      if (!first) throw new AppError('already_used', 'the setup link was used, or a newer one was printed')
      const id = await saveUser(tx, { name, email, passwordHash })
      const administrator = { role: 'administrator' } as const
      await saveMembership(tx, mainSite, id, administrator)
      const author = { kind: 'person', name: email, site: mainSite } as const
      const change = { action: 'setup.done', subject: email, after: administrator } as const
      await recordAccessChange(tx, author, this.#clock.now(), change)
      return { site: mainSite, sessionToken: await saveSession(tx, id, origin) }
    })
  }

  /**
   * Whoever is signed in only joins; somebody new gives a name and a password, and is signed in.
   * @throws AppError `not_found`, `already_used`, `code_expired`, `forbidden`, `missing_field`
   */
  async acceptInvitation(
    given: { readonly token: string; readonly name?: string | undefined; readonly password?: string | undefined },
    person: SessionPerson | undefined,
    origin: SessionOrigin,
  ): Promise<Admitted> {
    const { token, name, password } = given
    const passwordHash = person === undefined && password !== undefined ? await hashPassword(password) : undefined
    const admitted = await this.#database.transaction(async (tx) => {
      const now = this.#clock.now()
      const invitation = requireOpen(await lockInvitation(tx, tokenHash(token)), now)
      const { site, email } = invitation
      if (person !== undefined) {
        requireSame(person, email)
        await joinSite(tx, invitation, person.id, now)
        return { site }
      }
      await requireUnknown(tx, email)
      if (name === undefined) throw new AppError('missing_field', 'say your name', { field: 'name' })
      if (passwordHash === undefined) throw new AppError('missing_field', 'choose a password', { field: 'password' })
      const id = await saveUser(tx, { name, email, passwordHash })
      await joinSite(tx, invitation, id, now)
      return { site, sessionToken: await saveSession(tx, id, origin) }
    })
    this.#sessions.forget()
    return admitted
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
  async enterSample(role: Role, origin: SessionOrigin): Promise<Admitted> {
    const email = `${role}@sample.invalid`
    return this.#database.transaction(async (tx) => {
      const id = await saveFictionalUser(tx, `Sample ${role}`, email)
      await saveMembership(tx, sampleSite, id, { role })
      return { site: sampleSite, sessionToken: await saveSession(tx, id, origin) }
    })
  }
}

function requireOpen(invitation: InvitationRow | undefined, now: number): InvitationRow {
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
  const known = await tx.query('select from users where email = $1', [email])
  if (known.length > 0) throw new AppError('already_used', 'there is an account with this address: sign in first')
}
