import type { Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { memberships, users } from '@stagewatch/db/people-schema.ts'
import type { AlertRecipient } from '@stagewatch/shared/domain/alerts/alert-rule.ts'
import { rolesFor } from '@stagewatch/shared/domain/access/action.ts'
import { departmentNamed, textsOf } from '@stagewatch/shared/domain/departments.ts'
import { presenceAt } from '@stagewatch/shared/domain/presence.ts'
import { and, arrayOverlaps, eq, inArray, isNull, notInArray, or, sql } from 'drizzle-orm'
import type { SQL } from 'drizzle-orm'
import { widenDepartments, widenedTexts } from '../access/widened-departments.ts'
import type { SitePipeline } from '../sites/site-pipeline.ts'
import { earliestToday } from '../team/change-team.ts'
import { loadMembers } from '../team/members-table.ts'
import type { StoredMember } from '../team/members-table.ts'
import { workingPerson } from '../team/working-person.ts'

/** A person or a channel to which a recipient of a rule resolves. */
export interface Receiver {
  /** `person:` or `channel:` followed by its id. */
  readonly key: string
  /** Undefined for a channel, which is shown with the name that the site gave it. */
  readonly name?: string
}

/** Owner and department of the order, if the alert is about one. */
export interface Concerned {
  readonly owner?: string | undefined
  readonly department?: string | undefined
}

/** Maximum number of people for each step. A rule that names more addresses everybody. */
const maxReceivers = 100

/**
 * Resolves recipients to people and channels. Nobody is notified of orders that they may not see: people limited to
 * departments are skipped for orders of other departments, and so are people who have left or were disabled.
 */
export async function findReceivers(
  db: Queryable,
  site: string,
  recipients: readonly AlertRecipient[],
  { owner, department }: Concerned,
): Promise<Receiver[]> {
  const channels = recipients.flatMap((one) => (one.kind === 'channel' ? [{ key: `channel:${one.id}` }] : []))
  const ids = recipients.flatMap((one) => (one.kind === 'person' ? [one.id] : []))
  const kinds = new Set(recipients.map(({ kind }) => kind))
  const asked: (SQL | undefined)[] = [
    ids.length > 0 ? inArray(users.id, ids) : undefined,
    kinds.has('owner') && owner !== undefined ? isCalled(owner) : undefined,
    kinds.has('managers') ? eq(memberships.role, 'manager') : undefined,
    kinds.has('leads') ? and(eq(memberships.role, 'lead'), worksIn(department)) : undefined,
  ].filter((which) => which !== undefined)
  if (asked.length === 0) return channels
  return [...(await findPeople(db, site, department, or(...asked))), ...channels]
}

/**
 * Everybody whom a step notifies: the recipients, the deputies of those who are absent, the people on duty, and the
 * members of departments who are not absent. Members come last, so that the limit does not leave out people with a specific responsibility.
 */
export async function findReceiversOfStep(
  db: Queryable,
  pipeline: SitePipeline,
  recipients: readonly AlertRecipient[],
  concerned: Concerned,
  now: number,
): Promise<Receiver[]> {
  const asked = await findReceivers(db, pipeline.site.code, recipients, concerned)
  const deputies = await findDeputies(db, pipeline, asked, concerned, now)
  const members = await findPresentMembers(db, pipeline, recipients, concerned, now)
  const onDuty = recipients.some(({ kind }) => kind === 'onDuty') ? await findOnDuty(db, pipeline, concerned, now) : []
  const all = new Map([...asked, ...deputies, ...onDuty, ...members].map((receiver) => [receiver.key, receiver]))
  return [...all.values()].slice(0, maxReceivers)
}

/** The people of the department who are at work and may act on its orders; its leads if nobody is. */
async function findOnDuty(
  db: Queryable,
  pipeline: SitePipeline,
  concerned: Concerned,
  now: number,
): Promise<Receiver[]> {
  const { department } = concerned
  const site = pipeline.site.code
  const mayAct = new Set(rolesFor('orders.act'))
  const team = await loadMembers(db, site, earliestToday(now))
  const here = team.filter(
    (member) => mayAct.has(member.role) && presenceAt(workingPerson(member, pipeline, now), now).state === 'here',
  )
  const ids = here.map(({ id }) => id)
  const found =
    ids.length === 0 ? [] : await findPeople(db, site, department, and(inArray(users.id, ids), worksIn(department)))
  return found.length > 0 ? found : findReceivers(db, site, [{ kind: 'leads' }], concerned)
}

/** The members of the departments that recipients name, under any of their texts, except absent people. */
async function findPresentMembers(
  db: Queryable,
  pipeline: SitePipeline,
  recipients: readonly AlertRecipient[],
  { department }: Concerned,
  now: number,
): Promise<Receiver[]> {
  const named = recipients.flatMap((one) => (one.kind === 'department' ? [one.id] : []))
  if (named.length === 0) return []
  const site = pipeline.site.code
  const texts = await widenDepartments(db, site, named)
  const team = await loadMembers(db, site, earliestToday(now))
  const absent = team.filter((member) => presenceAt(workingPerson(member, pipeline, now), now).state === 'absent')
  const away = absent.map(({ id }) => id)
  const isPresent = away.length > 0 ? notInArray(users.id, away) : undefined
  return findPeople(db, site, department, and(arrayOverlaps(memberships.departments, texts), isPresent))
}

/** People of the site who see orders of the department and meet the condition, by name. */
async function findPeople(
  db: Queryable,
  site: string,
  department: string | undefined,
  condition: SQL | undefined,
): Promise<Receiver[]> {
  const sees =
    department === undefined
      ? isNull(memberships.departments)
      : sql`(${memberships.departments} is null or ${isOf(department)})`
  const people = await drizzleOn(db)
    .select({ id: users.id, name: users.name })
    .from(memberships)
    .innerJoin(users, eq(users.id, memberships.userId))
    .where(and(eq(memberships.site, site), isNull(users.disabledAt), sees, condition))
    .orderBy(users.name, users.id)
    .limit(maxReceivers)
  return people.map(({ id, name }) => ({ key: `person:${id}`, name }))
}

/** The deputies named by people who are absent today. */
export async function findDeputies(
  db: Queryable,
  pipeline: SitePipeline,
  receivers: readonly Receiver[],
  concerned: Concerned,
  now: number,
): Promise<Receiver[]> {
  const site = pipeline.site.code
  const today = earliestToday(now)
  const deputies: AlertRecipient[] = []
  for (const { key } of receivers) {
    if (!key.startsWith('person:')) continue
    const [member] = await loadMembers(db, site, today, key.slice('person:'.length))
    const presence = member && presenceAt(workingPerson(member, pipeline, now), now)
    if (presence?.state === 'absent' && presence.deputyId !== undefined)
      deputies.push({ kind: 'person', id: presence.deputyId })
  }
  const found = deputies.length === 0 ? [] : await findReceivers(db, site, deputies, concerned)
  return found.filter(({ key }) => !receivers.some((receiver) => receiver.key === key))
}

/** Whether a member may act on work of a department and sees it. @param department empty: of no department. */
export function canTake(
  { role, departments }: Pick<StoredMember, 'role' | 'departments'>,
  department: string,
  { departments: known }: SitePipeline,
): boolean {
  if (!rolesFor('orders.act').includes(role)) return false
  if (departments === null) return true
  const named = departmentNamed(known.now, department)
  const texts = named === undefined ? [department] : textsOf(named)
  return departments.some((text) => texts.includes(text))
}

/** Sources name people by their name or their e-mail address. */
function isCalled(owner: string): SQL {
  const written = owner.trim().toLowerCase()
  return sql`(lower(${users.name}) = ${written} or lower(${users.email}) = ${written})`
}

/** Condition for roles in the department; for an order without one, for roles in all departments. */
function worksIn(department: string | undefined): SQL {
  return department === undefined ? sql`${memberships.departments} is null` : isOf(department)
}

/** Whether the role covers the department, under any of its texts. */
function isOf(department: string): SQL {
  return sql`${department} = any(${widenedTexts(memberships.site, memberships.departments)})`
}
