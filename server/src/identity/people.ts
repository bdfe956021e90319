import { epochMs } from '@stagewatch/db/database.ts'
import type { Database, Queryable } from '@stagewatch/db/database.ts'
import type { Membership, PeopleList } from '@stagewatch/shared/contract/people.ts'
import type { Caller } from '../access/caller.ts'
import { recordAccessChange } from '../access/record-access-change.ts'
import { AppError } from '../app-error.ts'
import type { Clock } from '../clock/clock.ts'
import {
  deleteMembership,
  lockAdministrators,
  membershipOf,
  requireAdministrator,
  saveMembership,
} from './memberships-table.ts'
import type { MembershipRow } from './memberships-table.ts'
import { requireOwnDepartments } from './require-own-departments.ts'
import type { Sessions } from './sessions.ts'

type Person = PeopleList['people'][number]

interface PersonRow extends MembershipRow {
  readonly id: string
  readonly name: string
  readonly email: string
  readonly twoFactor: boolean
  readonly lastSeenAt: number | null
}

/** The people of a site, and what changes of their roles. */
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

  /** @throws AppError `not_found`, `forbidden` or `last_administrator`. */
  async change(caller: Caller, userId: string, after: Membership): Promise<Person> {
    requireOwnDepartments(caller, after.departments)
    return this.#alter(caller, userId, async (tx, person) => {
      await saveMembership(tx, caller.site, userId, after)
      const [before, subject] = [membershipIn(person), person.email]
      await recordAccessChange(tx, caller, this.#clock.now(), { action: 'person.changed', subject, before, after })
      return { ...person, departments: undefined, ...after }
    })
  }

  /**
   * Ends what the person may do at the site. Their account stays, because other sites may know them.
   * @throws AppError `not_found`, `forbidden` or `last_administrator`.
   */
  async remove(caller: Caller, userId: string): Promise<void> {
    await this.#alter(caller, userId, async (tx, person) => {
      await deleteMembership(tx, caller.site, userId)
      const [before, subject] = [membershipIn(person), person.email]
      await recordAccessChange(tx, caller, this.#clock.now(), { action: 'person.left', subject, before })
    })
  }

  async #alter<T>(caller: Caller, userId: string, work: (tx: Queryable, person: Person) => Promise<T>): Promise<T> {
    const { site } = caller
    const altered = await this.#database.transaction(async (tx) => {
      const hadAdministrator = await lockAdministrators(tx, site)
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

/** By name; one of them where an id is given. */
async function loadPeople(db: Queryable, site: string, userId?: string): Promise<Person[]> {
  const rows = await db.query<PersonRow>(
    `select u.id, u.name, u.email, m.role, m.departments, u.two_factor_enabled as "twoFactor",
       ${epochMs('u.last_seen_at')} as "lastSeenAt"
     from memberships m join users u on u.id = m.user_id
     where m.site = $1 and ($2::text is null or m.user_id = $2) order by lower(u.name), u.id`,
    [site, userId ?? null],
  )
  return rows.map(({ lastSeenAt, role, departments, ...row }) => ({
    ...row,
    ...membershipOf({ role, departments }),
    ...(lastSeenAt !== null && { lastSeenAt: Math.round(lastSeenAt) }),
  }))
}

function membershipIn({ role, departments }: Person): Membership {
  return departments === undefined ? { role } : { role, departments }
}
