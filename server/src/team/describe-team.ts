import type { Queryable } from '@stagewatch/db/database.ts'
import type { TeamList, TeamMember } from '@stagewatch/shared/contract/team.ts'
import type { Privacy } from '@stagewatch/shared/domain/access/audience.ts'
import type { Department } from '@stagewatch/shared/domain/departments.ts'
import { presenceAt } from '@stagewatch/shared/domain/presence.ts'
import type { Caller } from '../access/caller.ts'
import { versionOf } from '../platform/edit-version.ts'
import type { SiteCatalog } from '../rules/site-catalog.ts'
import { loadSkills } from '../rules/site-skills.ts'
import { earliestToday, settingsOfMember } from './change-team.ts'
import { loadMembers } from './members-table.ts'
import type { StoredMember } from './members-table.ts'
import { isOfTeam, managedScope, mayStandIn } from './team-scope.ts'
import { workingPerson } from './working-person.ts'

interface TeamSource {
  readonly site: { readonly code: string; readonly timeZone: string }
  readonly catalog: SiteCatalog
  readonly departments: { readonly now: readonly Department[] }
  readonly privacy: { readonly now: Privacy }
}

/** The caller and the people they manage: their skills, and whether they are at work at `now`, epoch ms. */
export async function describeTeam(db: Queryable, caller: Caller, source: TeamSource, now: number): Promise<TeamList> {
  const { site, catalog, departments, privacy } = source
  const members = await loadMembers(db, site.code, earliestToday(now))
  const names = new Map(members.map(({ id, name }) => [id, name]))
  const scope = managedScope(caller, departments.now)
  const isOwn = ({ id }: StoredMember): boolean => caller.kind === 'person' && id === caller.id
  const seen = members.filter((member) => isOwn(member) || isOfTeam(member, scope))
  const describe = (member: StoredMember): TeamMember => {
    const { worksBy, ...person } = workingPerson(member, source, now)
    const isManaged = isOfTeam(member, scope)
    // The caller may not see other departments of these people.
    const shown = isOwn(member)
      ? member.departments
      : member.departments?.filter((text) => scope?.includes(text) ?? true)
    return {
      id: member.id,
      name: member.name,
      role: member.role,
      ...(shown !== null && shown !== undefined && { departments: [...shown] }),
      ...settingsOfMember(member),
      ...(worksBy !== undefined && { worksBy }),
      timeZone: person.timeZone,
      presence: presenceAt(person, now),
      absences: member.absences.map(({ id, request }) => {
        const deputyName = request.deputy === undefined ? undefined : names.get(request.deputy)
        return { id, ...request, ...(deputyName !== undefined && { deputyName }), version: versionOf(request) }
      }),
      version: versionOf(settingsOfMember(member)),
      mayEnterAbsences: isOwn(member) || isManaged,
      mayChange: isManaged,
    }
  }
  return {
    people: seen.map(describe),
    deputies: members.filter((one) => mayStandIn(one, caller, privacy.now)).map(({ id, name }) => ({ id, name })),
    skills: await loadSkills(db, site.code),
    calendars: catalog.calendars.map(({ code, name }) => ({ code, name })),
    asOf: now,
  }
}
