import type { Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { userSessions } from '@stagewatch/db/people-schema.ts'
import { actionsOf } from '@stagewatch/shared/domain/access/action.ts'
import { openPrivacy } from '@stagewatch/shared/domain/access/audience.ts'
import { eq, sql } from 'drizzle-orm'
import type { Caller } from '../access/caller.ts'
import { BriefCache } from '../platform/brief-cache.ts'
import type { Clock } from '../platform/clock/clock.ts'
import type { SessionCookie } from './session-cookie.ts'
import { loadSessionPerson } from './sessions-table.ts'
import type { SessionPerson } from './sessions-table.ts'

/** Delay after which changes of a person or session by another server instance become visible. */
const cachedMs = 2_000

/**
 * The people behind session cookies. However many sockets and requests ask, the database is queried at most once in two
 * seconds per session.
 */
export class Sessions {
  readonly #database: Queryable
  readonly #cookie: () => Promise<SessionCookie>
  readonly #cached: BriefCache<SessionPerson>

  constructor(database: Queryable, clock: Clock, cookie: () => Promise<SessionCookie>) {
    this.#database = database
    this.#cookie = cookie
    this.#cached = new BriefCache(clock, cachedMs)
  }

  /** Size and limit of the cache. */
  get usage() {
    return this.#cached.usage
  }

  /** Undefined if nobody is signed in. */
  async find(cookies: string): Promise<SessionPerson | undefined> {
    const token = (await this.#cookie()).read(cookies)
    return token === undefined ? undefined : this.#cached.find(token, () => loadSessionPerson(this.#database, token))
  }

  /** Records that the person of the session has just confirmed their identity. */
  async markProven(cookies: string): Promise<void> {
    const token = (await this.#cookie()).read(cookies)
    if (token === undefined) return
    await drizzleOn(this.#database)
      .update(userSessions)
      .set({ authenticatedAt: sql`now()` })
      .where(eq(userSessions.token, token))
    this.forget()
  }

  /** Ends the session in the cookies. */
  async end(cookies: string): Promise<void> {
    const token = (await this.#cookie()).read(cookies)
    if (token !== undefined) await drizzleOn(this.#database).delete(userSessions).where(eq(userSessions.token, token))
    this.forget()
  }

  /** People or sessions have changed: the next request reads them again. */
  forget(): void {
    this.#cached.expire()
  }
}

/** The person as a caller at a site, by default the first of theirs; without a role there they have no permissions. */
export function personAt(person: SessionPerson, asked: string | undefined, defaultSite: string): Caller {
  const { id, email, memberships, fictional } = person
  // A fictional person of the sample has no credentials with which to confirm an identity.
  const provenRecently = person.provenRecently || fictional
  const site = asked ?? memberships[0]?.site ?? defaultSite
  const here = memberships.find((membership) => membership.site === site)
  const caller = { kind: 'person', id, name: email, site, provenRecently, privacy: openPrivacy } as const
  if (here === undefined) return { ...caller, actions: new Set() }
  const { role, seen } = here
  return {
    ...caller,
    role,
    actions: actionsOf(role, seen ?? undefined),
    ...(seen !== null && { departments: seen }),
  }
}
