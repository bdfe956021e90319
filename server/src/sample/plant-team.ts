import type { Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { users } from '@stagewatch/db/people-schema.ts'
import { actionsOf, roles, type Role } from '@stagewatch/shared/domain/access/action.ts'
import { openPrivacy } from '@stagewatch/shared/domain/access/audience.ts'
import { inArray } from 'drizzle-orm'
import type { Caller } from '../access/caller.ts'
import { samplePerson } from '../identity/enrollment.ts'
import { saveMembership } from '../identity/memberships-table.ts'
import { isKnownEmail, saveFictionalUser } from '../identity/users-table.ts'
import { sampleSite } from '../platform/site.ts'
import { earliestToday } from '../team/change-team.ts'
import { loadMembers, saveMemberSettings } from '../team/members-table.ts'
import { shiftCalendars } from './plant-calendars.ts'
import { departments } from './plant-staff.ts'
import type { Shift } from './plant-time.ts'
import { withPlantTranslations } from './plant-translations.ts'

/** Departments that work around the clock have a lead in each shift. */
const shiftDepartments: ReadonlySet<string> = new Set([departments.production.name, departments.quality.name])

interface Position {
  readonly name: string
  readonly department: string
  readonly role: Role
  readonly shift: Shift
}

/** A fictional person of the plant who has an account at the sample, but no way to sign in. */
export interface PlantMember {
  readonly name: string
  readonly department: string
  readonly caller: Caller & { readonly id: string }
}

/** The first of each shift of each department, and a second one by day; the rest of the staff appears in events only. */
const positions: readonly Position[] = Object.values(departments).flatMap(({ name: department, people }) => {
  const [lead, second] = people.day
  const later = (['evening', 'night'] as const).map((shift): Position => {
    const role = shiftDepartments.has(department) ? 'lead' : 'operator'
    return { name: people[shift][0], department, role, shift }
  })
  return [
    { name: lead, department, role: 'lead' as const, shift: 'day' as const },
    { name: second, department, role: 'operator' as const, shift: 'day' as const },
    ...later,
  ]
})

/** Whether the accounts of the staff have been created: visitors change what depends on them from then on. */
export function hasTeam(db: Queryable): Promise<boolean> {
  return isKnownEmail(db, emailOf(departments.production.people.day[0]))
}

/** Creates the accounts of the staff, and those in whose roles visitors enter. */
export async function joinTeam(tx: Queryable): Promise<void> {
  for (const role of roles) {
    const { name, email } = samplePerson(role)
    const id = await saveFictionalUser(tx, name, email)
    await saveMembership(tx, sampleSite, id, { role })
  }
  for (const { name, department, role, shift } of positions) {
    const id = await saveFictionalUser(tx, name, emailOf(name))
    await saveMembership(tx, sampleSite, id, { role, departments: [department] })
    await saveMemberSettings(tx, sampleSite, id, { skills: [], calendar: shiftCalendars[shift].code })
  }
}

/** Ids of the people in whose roles visitors lead and manage. */
export async function loadVisitors(db: Queryable): Promise<string[]> {
  const emails = new Set([samplePerson('lead').email, samplePerson('manager').email])
  const { id, email } = users
  const rows = await drizzleOn(db)
    .select({ id })
    .from(users)
    .where(inArray(email, [...emails]))
    .orderBy(email)
  return rows.map((row) => row.id)
}

/** The staff as it is now; visitors may have changed roles and departments, or removed people. */
export async function loadStaff(db: Queryable, now: number): Promise<PlantMember[]> {
  const emails = new Set(positions.map(({ name }) => emailOf(name)))
  const members = await loadMembers(db, sampleSite, earliestToday(now))
  return members.flatMap(({ id, name, email, role, departments: scope }) => {
    const [department] = scope ?? []
    if (!emails.has(email) || department === undefined || scope === null) return []
    const actions = actionsOf(role, scope)
    const who = { kind: 'person', id, name: email, role, site: sampleSite } as const
    return [{ name, department, caller: { ...who, actions, departments: scope, privacy: openPrivacy } }]
  })
}

const english = withPlantTranslations({})

/** An address that no mail reaches. */
function emailOf(name: string): string {
  const spelled = english[name]?.['en'] ?? name
  return `${spelled.toLowerCase().replaceAll(' ', '.')}@sample.invalid`
}
