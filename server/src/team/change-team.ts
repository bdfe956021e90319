import { isDeepStrictEqual } from 'node:util'
import { randomBytes } from 'node:crypto'
import type { Database, Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { memberships } from '@stagewatch/db/people-schema.ts'
import { maxAbsences } from '@stagewatch/shared/contract/team.ts'
import type { AbsenceRequest, MemberSettings } from '@stagewatch/shared/contract/team.ts'
import type { Privacy } from '@stagewatch/shared/domain/access/audience.ts'
import type { Department } from '@stagewatch/shared/domain/departments.ts'
import { and, eq } from 'drizzle-orm'
import { actorOf } from '../access/actor.ts'
import type { Caller } from '../access/caller.ts'
import { recordChange } from '../access/changes-table.ts'
import { AppError } from '../platform/app-error.ts'
import { requireVersion } from '../platform/edit-version.ts'
import type { ExpectedVersion } from '../platform/edit-version.ts'
import { refuseUnknownCalendars } from '../rules/refuse-unknown-calendars.ts'
import { loadSkills } from '../rules/site-skills.ts'
import { deleteAbsence, forgetAbsences, loadMembers, saveAbsence, saveMemberSettings } from './members-table.ts'
import type { StoredMember } from './members-table.ts'
import { isOfTeam, managedScope, mayStandIn } from './team-scope.ts'

/** How long an absence is kept after its end. */
const keptMs = 400 * 86_400_000

export interface TeamContext {
  readonly database: Database
  readonly departments: readonly Department[]
  /** Privacy settings of the site. */
  readonly privacy: Privacy
  /** Epoch ms. */
  readonly now: number
}

/** The earliest current date anywhere on earth: an absence that ended before it has ended for everybody. */
export function earliestToday(now: number): string {
  return new Date(now - 86_400_000).toISOString().slice(0, 10)
}

/**
 * Sets the skills of a member and the calendar by which they work.
 * @throws AppError `not_found` for people outside the caller's scope; `conflict`, `unknown_calendar`, `invalid_field`.
 */
export function changeMember(
  caller: Caller,
  userId: string,
  after: MemberSettings,
  expected: ExpectedVersion,
  context: TeamContext,
): Promise<void> {
  return change(caller, userId, context, false, async (tx, member) => {
    const before = settingsOfMember(member)
    requireVersion(expected, { current: before, yours: after })
    if (isDeepStrictEqual(before, after)) return
    await requireSkills(tx, caller.site, after.skills, before.skills)
    if (after.calendar !== undefined) await refuseUnknownCalendars(tx, caller.site, [['calendar', after.calendar]])
    await saveMemberSettings(tx, caller.site, userId, after)
    await record(tx, caller, context, { action: 'member.changed', member, before, after })
  })
}

/**
 * Enters an absence, or changes one.
 * @param id undefined for a new one.
 * @throws AppError `not_found`, `conflict`, `invalid_field`.
 */
export function enterAbsence(
  caller: Caller,
  userId: string,
  {
    id,
    request,
    expected,
  }: { readonly id?: string; readonly request: AbsenceRequest; readonly expected: ExpectedVersion },
  context: TeamContext,
): Promise<void> {
  return change(caller, userId, context, true, async (tx, member) => {
    const before = requireAbsence(member, id)
    if (id !== undefined) requireVersion(expected, { current: before, yours: request })
    if (isDeepStrictEqual(before, request)) return
    if (id === undefined && member.absences.length >= maxAbsences) {
      const message = `a person can have at most ${maxAbsences} future absences`
      throw new AppError('invalid_field', message, { field: 'from', reason: 'too_many', limit: maxAbsences })
    }
    if (request.deputy !== undefined && request.deputy !== before?.deputy) {
      await requireDeputy(tx, caller, request.deputy, member, context)
    }
    await saveAbsence(tx, caller.site, userId, { id: id ?? randomBytes(12).toString('hex'), request })
    await forgetAbsences(tx, caller.site, earliestToday(context.now - keptMs))
    await record(tx, caller, context, {
      action: 'absence.saved',
      member,
      before: before && withoutReason(before),
      after: withoutReason(request),
    })
  })
}

/** @throws AppError `not_found`. */
export function removeAbsence(caller: Caller, userId: string, id: string, context: TeamContext): Promise<void> {
  return change(caller, userId, context, true, async (tx, member) => {
    const before = requireAbsence(member, id)
    await deleteAbsence(tx, caller.site, id)
    await record(tx, caller, context, {
      action: 'absence.deleted',
      member,
      before: before && withoutReason(before),
      after: undefined,
    })
  })
}

/** The settings of a person that are edited together. */
export function settingsOfMember({ skills, calendar }: MemberSettings): MemberSettings {
  return { skills: [...skills], ...(calendar !== undefined && { calendar }) }
}

/** The reason for an absence is private and must not be kept forever, but the change log is never trimmed. */
function withoutReason({ kind: _kind, ...rest }: AbsenceRequest): Omit<AbsenceRequest, 'kind'> {
  return rest
}

function requireAbsence({ absences }: StoredMember, id: string | undefined): AbsenceRequest | undefined {
  if (id === undefined) return undefined
  const found = absences.find((absence) => absence.id === id)
  if (found === undefined) throw new AppError('not_found', 'there is no such absence', { field: 'absence' })
  return found.request
}

async function requireSkills(
  tx: Queryable,
  site: string,
  asked: readonly string[],
  known: readonly string[],
): Promise<void> {
  const offered = new Set((await loadSkills(tx, site)).map(({ key }) => key))
  const wrong = asked.findIndex((key) => !offered.has(key) && !known.includes(key))
  if (wrong === -1) return
  throw new AppError('invalid_field', `the site has no skill ${asked[wrong]}: add it to the list of skills first`, {
    field: `skills.${wrong}`,
    reason: 'not_offered',
  })
}

async function requireDeputy(
  tx: Queryable,
  caller: Caller,
  deputy: string,
  member: StoredMember,
  { now, privacy }: TeamContext,
): Promise<void> {
  const [found] = deputy === member.id ? [] : await loadMembers(tx, caller.site, earliestToday(now), deputy)
  if (found !== undefined && mayStandIn(found, caller, privacy)) return
  throw new AppError('invalid_field', 'cannot be the substitute', { field: 'deputy', reason: 'wrong' })
}

async function change(
  caller: Caller,
  userId: string,
  context: TeamContext,
  isOwnAllowed: boolean,
  work: (tx: Queryable, member: StoredMember) => Promise<void>,
): Promise<void> {
  const { database, departments, now } = context
  await database.transaction(async (tx) => {
    await drizzleOn(tx)
      .select({ userId: memberships.userId })
      .from(memberships)
      .where(and(eq(memberships.site, caller.site), eq(memberships.userId, userId)))
      .for('update')
    const [member] = await loadMembers(tx, caller.site, earliestToday(now), userId)
    const isOwn = isOwnAllowed && caller.kind === 'person' && caller.id === userId
    if (member === undefined || !(isOwn || isOfTeam(member, managedScope(caller, departments)))) {
      throw new AppError('not_found', 'there is no such person in your departments', { field: 'id' })
    }
    await work(tx, member)
  })
}

function record(
  tx: Queryable,
  caller: Caller,
  { now }: TeamContext,
  {
    action,
    member,
    before,
    after,
  }: {
    readonly action: 'member.changed' | 'absence.saved' | 'absence.deleted'
    readonly member: StoredMember
    readonly before: unknown
    readonly after: unknown
  },
): Promise<void> {
  return recordChange(tx, caller.site, {
    changedAt: now,
    actor: actorOf(caller),
    action,
    subject: member.email,
    before,
    after,
  })
}
