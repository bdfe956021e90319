import type { Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { memberships, users } from '@stagewatch/db/people-schema.ts'
import { absences, memberSettings } from '@stagewatch/db/team-schema.ts'
import type { AbsenceRequest, MemberSettings } from '@stagewatch/shared/contract/team.ts'
import type { Role } from '@stagewatch/shared/domain/access/action.ts'
import { and, eq, gte, isNull, lt, sql } from 'drizzle-orm'

/** A member of a site, as stored in the tables. */
export interface StoredMember extends MemberSettings {
  readonly id: string
  readonly name: string
  readonly email: string
  readonly role: Role
  /** As named in the role. Null means all. */
  readonly departments: readonly string[] | null
  /** Absences that have not ended, sorted by start. */
  readonly absences: readonly StoredAbsence[]
}

/** A stored absence, as it was entered. */
export interface StoredAbsence {
  readonly id: string
  readonly request: AbsenceRequest
}

/**
 * The people of a site who can sign in, sorted by name.
 * @param today absences that ended before this day are left out.
 */
export async function loadMembers(
  db: Queryable,
  site: string,
  today: string,
  userId?: string,
): Promise<StoredMember[]> {
  const on = drizzleOn(db)
  const rows = await on
    .select({
      id: users.id,
      name: users.name,
      email: users.email,
      role: memberships.role,
      departments: memberships.departments,
      skills: memberSettings.skills,
      calendar: memberSettings.calendar,
    })
    .from(memberships)
    .innerJoin(users, eq(users.id, memberships.userId))
    .leftJoin(
      memberSettings,
      and(eq(memberSettings.site, memberships.site), eq(memberSettings.userId, memberships.userId)),
    )
    .where(
      and(
        eq(memberships.site, site),
        isNull(users.disabledAt),
        userId === undefined ? undefined : eq(memberships.userId, userId),
      ),
    )
    .orderBy(sql`lower(${users.name})`, users.id)
  const away = await loadAbsences(db, site, today, userId)
  return rows.map(({ skills, calendar, ...row }) => ({
    ...row,
    skills: [...(skills ?? [])],
    ...(calendar !== null && { calendar }),
    absences: away.get(row.id) ?? [],
  }))
}

async function loadAbsences(
  db: Queryable,
  site: string,
  today: string,
  userId: string | undefined,
): Promise<ReadonlyMap<string, readonly StoredAbsence[]>> {
  const rows = await drizzleOn(db)
    .select({ ...absenceColumns, userId: absences.userId, memberId: memberships.userId })
    .from(absences)
    // Somebody who has left the site is no deputy there.
    .leftJoin(memberships, and(eq(memberships.site, absences.site), eq(memberships.userId, absences.deputyId)))
    .where(
      and(
        eq(absences.site, site),
        gte(absences.to, today),
        userId === undefined ? undefined : eq(absences.userId, userId),
      ),
    )
    .orderBy(absences.from, absences.id)
  const byUser = Map.groupBy(rows, (row) => row.userId)
  return new Map([...byUser].map(([id, all]) => [id, all.map((row) => fromRow({ ...row, deputyId: row.memberId }))]))
}

const { id, from, to, fromTime, toTime, kind, deputyId } = absences
const absenceColumns = { id, from, to, fromTime, toTime, kind, deputyId }

function fromRow(row: Pick<typeof absences.$inferSelect, keyof typeof absenceColumns>): StoredAbsence {
  return {
    id: row.id,
    request: {
      from: row.from,
      to: row.to,
      ...(row.fromTime !== null && { fromTime: row.fromTime }),
      ...(row.toTime !== null && { toTime: row.toTime }),
      kind: row.kind,
      ...(row.deputyId !== null && { deputy: row.deputyId }),
    },
  }
}

export async function saveMemberSettings(
  tx: Queryable,
  site: string,
  userId: string,
  { skills, calendar: code }: MemberSettings,
): Promise<void> {
  const calendar = code ?? null
  await drizzleOn(tx)
    .insert(memberSettings)
    .values({ site, userId, skills, calendar })
    .onConflictDoUpdate({ target: [memberSettings.site, memberSettings.userId], set: { skills, calendar } })
}

export async function saveAbsence(
  tx: Queryable,
  site: string,
  userId: string,
  { id: absenceId, request }: StoredAbsence,
): Promise<void> {
  const { deputy = null, fromTime: begins = null, toTime: ends = null, ...rest } = request
  const values = { ...rest, fromTime: begins, toTime: ends, deputyId: deputy }
  await drizzleOn(tx)
    .insert(absences)
    .values({ site, userId, id: absenceId, ...values })
    .onConflictDoUpdate({ target: [absences.site, absences.id], set: { ...values, updatedAt: sql`now()` } })
}

export async function deleteAbsence(tx: Queryable, site: string, absenceId: string): Promise<void> {
  await drizzleOn(tx)
    .delete(absences)
    .where(and(eq(absences.site, site), eq(absences.id, absenceId)))
}

/** Old absences are deleted, because nobody needs them and they are personal data. */
export async function forgetAbsences(tx: Queryable, site: string, before: string): Promise<void> {
  await drizzleOn(tx)
    .delete(absences)
    .where(and(eq(absences.site, site), lt(absences.to, before)))
}
