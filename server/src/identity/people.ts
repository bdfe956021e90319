import type { Database, Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { memberships, users } from '@stagewatch/db/people-schema.ts'
import type { Membership, PeopleList } from '@stagewatch/shared/contract/people.ts'
import { and, eq, isNull, ne, notExists, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import { actorOf } from '../access/actor.ts'
import type { Caller } from '../access/caller.ts'
import { recordAccessChange } from '../access/record-access-change.ts'
import { AppError } from '../platform/app-error.ts'
import type { Clock } from '../platform/clock/clock.ts'
import { recordAccountChange } from './account-changes.ts'
import type { AccountChange } from './account-changes.ts'
import { deleteChallenges } from './credential-changes.ts'
import { requireVersion, versionOf } from '../platform/edit-version.ts'
import type { ExpectedVersion } from '../platform/edit-version.ts'
import {
  deleteMembership,
  lockAdministrators,
  lockMembership,
  membershipOf,
  requireAdministrator,
  saveMembership,
} from './memberships-table.ts'
import { requireOwnDepartments } from '../access/caller.ts'
import { endAllSessions } from './sessions-table.ts'
import type { Sessions } from './sessions.ts'

type Person = PeopleList['people'][number]

/** The people of a site, and changes of their roles. */
export class People {
  readonly #database: Database
  readonly #clock: Clock
  readonly #sessions: Sessions

  constructor(database: Database, clock: Clock, sessions: Sessions) {
    this.#database = database
    this.#clock = clock
    this.#sessions = sessions
  }

  list(site: string): Promise<Person[]> {
    return loadPeople(this.#database, site)
  }

  /** @throws AppError `not_found`, `forbidden`, `last_administrator`, or `conflict` when it was changed by others. */
  async change(caller: Caller, userId: string, after: Membership, expected: ExpectedVersion): Promise<Person> {
    requireOwnDepartments(caller, after.departments)
    return this.#alter(caller, userId, async (tx, person) => {
      const [before, subject] = [membershipIn(person), person.email]
      requireVersion(expected, { current: before, yours: after })
      await saveMembership(tx, caller.site, userId, after)
      await recordAccessChange(tx, caller, this.#clock.now(), { action: 'person.changed', subject, before, after })
      return { ...person, departments: undefined, ...after, version: versionOf(after) }
    })
  }

  /**
   * Ends the membership of the person at the site. Their account remains, because they may belong to other sites.
   * @throws AppError `not_found`, `forbidden` or `last_administrator`.
   */
  async remove(caller: Caller, userId: string): Promise<void> {
    await this.#alter(caller, userId, async (tx, person) => {
      await deleteMembership(tx, caller.site, userId)
      const [before, subject] = [membershipIn(person), person.email]
      await recordAccessChange(tx, caller, this.#clock.now(), { action: 'person.left', subject, before })
    })
  }

  /** Signs the person out everywhere, including other sites. @throws AppError `not_found` or `forbidden`. */
  endSessions(caller: Caller, userId: string): Promise<Person> {
    return this.#alter(caller, userId, async (tx, person) => {
      await endAccess(tx, userId)
      await this.#recordOf(tx, caller, person, 'sessions.ended')
      return person
    })
  }

  /**
   * Ends all sessions of the account, and blocks sign-in until it is enabled again.
   * @throws AppError `not_found`, `last_administrator`, or `forbidden`: it is the caller's own account, or also belongs
   * to a site that the caller does not administer.
   */
  disable(caller: Caller, userId: string): Promise<Person> {
    if (caller.id === userId) throw new AppError('forbidden', 'you cannot disable your own account', { field: 'id' })
    return this.#alter(caller, userId, async (tx, person) => {
      await requireWholeAccount(tx, caller, userId)
      const now = this.#clock.now()
      await drizzleOn(tx).update(users).set({ disabledAt: now }).where(eq(users.id, userId))
      await endAccess(tx, userId)
      await this.#recordOf(tx, caller, person, 'account.disabled')
      return { ...person, disabledAt: now }
    })
  }

  /** @throws AppError `not_found` or `forbidden`, like `disable`. */
  enable(caller: Caller, userId: string): Promise<Person> {
    return this.#alter(caller, userId, async (tx, person) => {
      await requireWholeAccount(tx, caller, userId)
      await drizzleOn(tx).update(users).set({ disabledAt: null }).where(eq(users.id, userId))
      await this.#recordOf(tx, caller, person, 'account.enabled')
      const { disabledAt: _, ...enabled } = person
      return enabled
    })
  }

  #recordOf(tx: Queryable, caller: Caller, { id, email }: Person, action: AccountChange['action']): Promise<void> {
    return recordAccountChange(tx, { userId: id, email, actor: actorOf(caller), action }, this.#clock.now())
  }

  async #alter<T>(caller: Caller, userId: string, work: (tx: Queryable, person: Person) => Promise<T>): Promise<T> {
    const { site } = caller
    const altered = await this.#database.transaction(async (tx) => {
      const hadAdministrator = await lockAdministrators(tx, site)
      await lockMembership(tx, site, userId)
      const [person] = await loadPeople(tx, site, userId)
      if (person === undefined) throw new AppError('not_found', 'there is no such person here', { field: 'id' })
      requireOwnDepartments(caller, person.departments)
      const result = await work(tx, person)
      if (hadAdministrator) await requireAdministrator(tx, site)
      return result
    })
    this.#sessions.forget()
    return altered
  }
}

async function endAccess(tx: Queryable, userId: string): Promise<void> {
  await endAllSessions(tx, userId)
  await deleteChallenges(tx, userId)
}

/**
 * An account is shared by all sites of its owner: whoever closes it must administer each of them, or be a command on
 * the server's machine.
 * @throws AppError `forbidden`
 */
async function requireWholeAccount(tx: Queryable, caller: Caller, userId: string): Promise<void> {
  if (caller.kind === 'operator') return
  const own = alias(memberships, 'own')
  const isAdministrator = and(
    eq(own.site, memberships.site),
    eq(own.userId, caller.id ?? ''),
    eq(own.role, 'administrator'),
    isNull(own.departments),
  )
  const administered = drizzleOn(tx).select({ site: own.site }).from(own).where(isAdministrator)
  const others = await drizzleOn(tx)
    .select({ site: memberships.site })
    .from(memberships)
    .where(and(eq(memberships.userId, userId), ne(memberships.site, caller.site), notExists(administered)))
    .limit(1)
  if (others.length === 0) return
  throw new AppError('forbidden', 'the account belongs to another site as well: ask the operator of the server')
}

/** Sorted by name; only one person if an id is given. */
async function loadPeople(db: Queryable, site: string, userId?: string): Promise<Person[]> {
  const rows = await drizzleOn(db)
    .select({
      id: users.id,
      name: users.name,
      email: users.email,
      role: memberships.role,
      departments: memberships.departments,
      twoFactor: users.twoFactorEnabled,
      lastSeenAt: users.lastSeenAt,
      disabledAt: users.disabledAt,
    })
    .from(memberships)
    .innerJoin(users, eq(users.id, memberships.userId))
    .where(and(eq(memberships.site, site), userId === undefined ? undefined : eq(memberships.userId, userId)))
    .orderBy(sql`lower(${users.name})`, users.id)
  return rows.map(({ lastSeenAt, disabledAt, role, departments, ...row }) => ({
    ...row,
    ...membershipOf({ role, departments }),
    ...(disabledAt !== null && { disabledAt }),
    version: versionOf(membershipOf({ role, departments })),
    ...(lastSeenAt !== null && { lastSeenAt }),
  }))
}

function membershipIn({ role, departments }: Person): Membership {
  return departments === undefined ? { role } : { role, departments }
}
