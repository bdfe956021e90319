import { DatabaseUnavailableError } from '@stagewatch/db/database-unavailable.ts'
import type { Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { memberships, users, userSessions } from '@stagewatch/db/people-schema.ts'
import { and, eq, gt, inArray, isNull, lte, or, sql } from 'drizzle-orm'
import type { MembershipRow } from './memberships-table.ts'
import { longestSessionS } from './session-cookie.ts'
import { newToken } from './secret-token.ts'
import { newId } from './users-table.ts'

/** A session that nobody uses ends after so long. */
const idle = sql`interval '8 hours'`
/** Use is written down no more often than this. */
const noted = sql`interval '5 minutes'`

/** Who has proven within this time who they are may do what needs a fresh proof. */
const recent = sql`interval '10 minutes'`

/** Somebody who is signed in, with all that they may do anywhere. */
export interface SessionPerson {
  readonly id: string
  readonly name: string
  readonly email: string
  readonly twoFactor: boolean
  readonly fictional: boolean
  /** They have proven within the last 10 minutes who they are. */
  readonly provenRecently: boolean
  /** Sorted by site. */
  readonly memberships: readonly ({ readonly site: string } & MembershipRow)[]
}

/** Where a session was begun. */
export interface SessionOrigin {
  readonly address: string
  readonly userAgent: string | undefined
}

/** Of one person at a time; the oldest ends when another one begins. */
const maxSessions = 20
/** Everybody who enters the sample in a role is the same person there. */
const maxFictionalSessions = 1_000

/** Ends the sessions of a person that have been unused for the longest, if there are too many. */
export async function endSurplusSessions(db: Queryable, userId: string): Promise<void> {
  const on = drizzleOn(db)
  const kept = on
    .select({
      count: sql<number>`case when ${users.fictional} then ${maxFictionalSessions}::int else ${maxSessions}::int end`,
    })
    .from(users)
    .where(eq(users.id, userId))
  const surplus = sql`(
    select ${userSessions.id} from ${userSessions} where ${userSessions.userId} = ${userId}
    order by ${userSessions.updatedAt} desc, ${userSessions.createdAt} desc, ${userSessions.id} offset ${kept})`
  await on.delete(userSessions).where(inArray(userSessions.id, surplus))
}

/** @returns the token of the new session. */
export async function saveSession(tx: Queryable, userId: string, origin: SessionOrigin): Promise<string> {
  const token = newToken()
  await drizzleOn(tx)
    .insert(userSessions)
    .values({
      id: newId(),
      userId,
      token,
      expiresAt: sql`now() + make_interval(secs => ${longestSessionS}::float8)`,
      ipAddress: origin.address,
      userAgent: origin.userAgent ?? null,
    })
  await endSurplusSessions(tx, userId)
  return token
}

/** Whose session it is, which counts as a use of it; undefined: it has ended. */
export async function loadSessionPerson(db: Queryable, token: string): Promise<SessionPerson | undefined> {
  const [found] = await drizzleOn(db)
    .select({
      id: users.id,
      name: users.name,
      email: users.email,
      twoFactor: users.twoFactorEnabled,
      fictional: users.fictional,
      provenRecently: sql<boolean>`${userSessions.authenticatedAt} > now() - ${recent}`,
      isNoted: sql<boolean>`coalesce(
        ${userSessions.updatedAt} > now() - ${noted} and ${users.lastSeenAt} is not null, false)`,
      memberships: sql`coalesce((
        select jsonb_agg(jsonb_build_object('site', ${memberships.site}, 'role', ${memberships.role},
          'departments', ${memberships.departments}) order by ${memberships.site})
        from ${memberships} where ${memberships.userId} = ${users.id}), '[]')`.mapWith(parseMemberships),
    })
    .from(userSessions)
    .innerJoin(users, eq(users.id, userSessions.userId))
    .where(
      and(
        eq(userSessions.token, token),
        isNull(users.disabledAt),
        gt(userSessions.expiresAt, sql`now()`),
        gt(userSessions.updatedAt, sql`now() - ${idle}`),
      ),
    )
  if (found === undefined) return undefined
  const { isNoted, ...person } = found
  if (!isNoted) await noteUse(db, token).catch(whereDiskIsFull)
  return person
}

function parseMemberships(text: string): SessionPerson['memberships'] {
  return JSON.parse(text) as SessionPerson['memberships']
}

/** Whoever is signed in goes on reading while nothing can be stored. */
function whereDiskIsFull(error: unknown): void {
  if (!(error instanceof DatabaseUnavailableError && error.reason === 'full')) throw error
}

async function noteUse(db: Queryable, token: string): Promise<void> {
  const on = drizzleOn(db)
  const used = on.$with('used').as(
    on
      .update(userSessions)
      .set({ updatedAt: sql`now()` })
      .where(eq(userSessions.token, token))
      .returning({ userId: userSessions.userId }),
  )
  await on
    .with(used)
    .update(users)
    .set({ lastSeenAt: sql`now()` })
    .where(inArray(users.id, on.select({ userId: used.userId }).from(used)))
}

/** Removes the session if nobody has used it for too long: what reads the table otherwise does not find it either. */
export async function endIfIdle(db: Queryable, token: string): Promise<void> {
  await drizzleOn(db)
    .delete(userSessions)
    .where(and(eq(userSessions.token, token), lte(userSessions.updatedAt, sql`now() - ${idle}`)))
}

export async function deleteEndedSessions(db: Queryable): Promise<void> {
  await drizzleOn(db)
    .delete(userSessions)
    .where(or(lte(userSessions.expiresAt, sql`now()`), lte(userSessions.updatedAt, sql`now() - ${idle}`)))
}
