import type { Queryable } from '@stagewatch/db/database.ts'
import type { MembershipRow } from './memberships-table.ts'
import { longestSessionS } from './session-cookie.ts'
import { newToken } from './secret-token.ts'
import { newId } from './users-table.ts'

/** A session that nobody uses ends after so long. */
const idle = `interval '8 hours'`
/** Use is written down no more often than this. */
const noted = `interval '5 minutes'`

/** Somebody who is signed in, with all that they may do anywhere. */
export interface SessionPerson {
  readonly id: string
  readonly name: string
  readonly email: string
  readonly twoFactor: boolean
  readonly fictional: boolean
  /** Sorted by site. */
  readonly memberships: readonly ({ readonly site: string } & MembershipRow)[]
}

/** Where a session was begun. */
export interface SessionOrigin {
  readonly address: string
  readonly userAgent: string | undefined
}

/** @returns the token of the new session. */
export async function saveSession(tx: Queryable, userId: string, origin: SessionOrigin): Promise<string> {
  const token = newToken()
  await tx.query(
    `insert into user_sessions (id, user_id, token, expires_at, ip_address, user_agent)
     values ($1, $2, $3, now() + make_interval(secs => $4::float8), $5, $6)`,
    [newId(), userId, token, longestSessionS, origin.address, origin.userAgent ?? null],
  )
  return token
}

/** Whose session it is, which counts as a use of it; undefined: it has ended. */
export async function loadSessionPerson(db: Queryable, token: string): Promise<SessionPerson | undefined> {
  const [found] = await db.query<SessionPerson & { readonly isNoted: boolean }>(
    `select u.id, u.name, u.email, u.two_factor_enabled as "twoFactor", u.fictional,
       coalesce(s.updated_at > now() - ${noted} and u.last_seen_at is not null, false) as "isNoted",
       coalesce((
         select jsonb_agg(jsonb_build_object('site', m.site, 'role', m.role, 'departments', m.departments) order by m.site)
         from memberships m where m.user_id = u.id
       ), '[]') as memberships
     from user_sessions s join users u on u.id = s.user_id
     where s.token = $1 and s.expires_at > now() and s.updated_at > now() - ${idle}`,
    [token],
  )
  if (found === undefined) return undefined
  const { isNoted, ...person } = found
  if (!isNoted) await noteUse(db, token)
  return person
}

async function noteUse(db: Queryable, token: string): Promise<void> {
  await db.query(
    `with used as (update user_sessions set updated_at = now() where token = $1 returning user_id)
     update users set last_seen_at = now() where id in (select user_id from used)`,
    [token],
  )
}

/** Removes the session if nobody has used it for too long: what reads the table otherwise does not find it either. */
export async function endIfIdle(db: Queryable, token: string): Promise<void> {
  await db.query(`delete from user_sessions where token = $1 and updated_at <= now() - ${idle}`, [token])
}

export async function deleteEndedSessions(db: Queryable): Promise<void> {
  await db.query(`delete from user_sessions where expires_at <= now() or updated_at <= now() - ${idle}`)
}
