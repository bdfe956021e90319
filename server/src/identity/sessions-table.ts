import { DatabaseUnavailableError } from '@stagewatch/db/database-unavailable.ts'
import type { Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { pushSubscriptions } from '@stagewatch/db/channels-schema.ts'
import { memberships, users, userSessions } from '@stagewatch/db/people-schema.ts'
import { userProfiles } from '@stagewatch/db/team-schema.ts'
import { and, eq, gt, inArray, isNull, lte, or, sql } from 'drizzle-orm'
import { widenedTexts } from '../access/widened-departments.ts'
import type { MembershipRow } from './memberships-table.ts'
import { longestSessionS } from './session-cookie.ts'
import { newToken } from './secret-token.ts'
import { newId } from './users-table.ts'

/** A session ends when it has been unused for this time. */
const idle = sql`interval '8 hours'`
/** Minimum interval between two updates of the last use. */
const noted = sql`interval '5 minutes'`

/** How long a confirmation of identity is valid for actions that need a recent one. */
const recent = sql`interval '10 minutes'`

/** A signed-in person, with their permissions at every site. */
export interface SessionPerson {
  readonly id: string
  readonly name: string
  readonly email: string
  readonly twoFactor: boolean
  readonly fictional: boolean
  /** Language chosen for all devices. Null if none was chosen. */
  readonly language: string | null
  readonly timeZone: string | null
  /** They have confirmed their identity within the last 10 minutes. */
  readonly provenRecently: boolean
  /** Sorted by site. */
  readonly memberships: readonly ({
    readonly site: string
    /** All texts with which events name the departments. Null means all departments. */
    readonly seen: readonly string[] | null
  } & MembershipRow)[]
}

/** The origin of a new session. */
export interface SessionOrigin {
  readonly address: string
  readonly userAgent: string | undefined
}

/** Maximum number of sessions per person; the oldest ends when another one begins. */
const maxSessions = 20
/** Higher limit for the sample, where everybody who enters in a role is the same person. */
const maxFictionalSessions = 1_000

/** Ends the sessions of a person that have been unused for longest, if there are too many. */
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

/**
 * Ends all sessions of an account. Push messages to its browsers end as well, because whoever had taken the account over
 * may have registered theirs.
 */
export async function endAllSessions(tx: Queryable, userId: string): Promise<void> {
  await drizzleOn(tx).delete(userSessions).where(eq(userSessions.userId, userId))
  await endPush(tx, userId)
}

/** Ends push messages to all browsers of an account; each can be registered again. */
export async function endPush(tx: Queryable, userId: string): Promise<void> {
  await drizzleOn(tx).delete(pushSubscriptions).where(eq(pushSubscriptions.userId, userId))
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

/** The person whose session it is, and records its use; undefined if the session has ended. */
export async function loadSessionPerson(db: Queryable, token: string): Promise<SessionPerson | undefined> {
  const [found] = await drizzleOn(db)
    .select({
      id: users.id,
      name: users.name,
      email: users.email,
      twoFactor: users.twoFactorEnabled,
      fictional: users.fictional,
      language: userProfiles.language,
      timeZone: userProfiles.timeZone,
      provenRecently: sql<boolean>`${userSessions.authenticatedAt} > now() - ${recent}`,
      isNoted: sql<boolean>`coalesce(
        ${userSessions.updatedAt} > now() - ${noted} and ${users.lastSeenAt} is not null, false)`,
      memberships: sql`coalesce((
        select jsonb_agg(jsonb_build_object('site', ${memberships.site}, 'role', ${memberships.role},
          'departments', ${memberships.departments},
          'seen', ${widenedTexts(memberships.site, memberships.departments)}) order by ${memberships.site})
        from ${memberships} where ${memberships.userId} = ${users.id}), '[]')`.mapWith(parseMemberships),
    })
    .from(userSessions)
    .innerJoin(users, eq(users.id, userSessions.userId))
    .leftJoin(userProfiles, eq(userProfiles.userId, users.id))
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

/** Signed-in people can continue reading while nothing can be stored. */
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

/** Deletes the session if it has been unused for too long. Other reads of the table ignore such a session already. */
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
