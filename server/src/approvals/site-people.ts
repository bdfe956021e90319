import type { Queryable } from '@stagewatch/db/database.ts'
import type { ApprovalContext, ApprovalPeople } from '@stagewatch/shared/domain/approvals/deciders.ts'
import { textsOf, widenedScope } from '@stagewatch/shared/domain/departments.ts'
import { absenceSpan, presenceAt } from '@stagewatch/shared/domain/presence.ts'
import { versionAt } from '@stagewatch/shared/domain/process-history.ts'
import type { SitePipeline } from '../sites/site-pipeline.ts'
import { loadMembers } from '../team/members-table.ts'
import type { StoredMember } from '../team/members-table.ts'
import { workingPerson } from '../team/working-person.ts'
import type { StoredApproval } from './approvals-table.ts'

/** The current people of a site, with their departments and absences. */
export interface SitePeople extends ApprovalPeople {
  readonly members: ReadonlyMap<string, StoredMember>
  /** Keys under which the person is asked now; an approval waits for them if `waitingFor` contains one of these. */
  readonly keysOf: (person: string) => string[]
}

export async function loadSitePeople(db: Queryable, pipeline: SitePipeline, now: number): Promise<SitePeople> {
  const yesterday = new Date(now - 86_400_000).toISOString().slice(0, 10)
  const members = new Map((await loadMembers(db, pipeline.site.code, yesterday)).map((one) => [one.id, one] as const))
  const departments = pipeline.departments.now
  const ledBy = (member: StoredMember): ReadonlySet<string> => {
    const named = departments.filter(({ leadId }) => leadId === member.id).flatMap(textsOf)
    const ofRole = member.role === 'lead' ? (widenedScope(member.departments ?? [], departments) ?? []) : []
    return new Set([...named, ...ofRole])
  }
  const led = new Map([...members.values()].map((member) => [member.id, ledBy(member)] as const))
  const leadsOf = (department: string): string[] => [...led].flatMap(([id, all]) => (all.has(department) ? [id] : []))
  const deputyOf = (person: string, at: number): string | undefined => {
    const member = members.get(person)
    const presence = member && presenceAt(workingPerson(member, pipeline, at), at)
    return presence?.state === 'absent' ? presence.deputyId : undefined
  }
  return {
    members,
    isMember: (person) => members.has(person),
    leadsOf,
    deputyOf,
    absenceChangesAt(person, at) {
      const member = members.get(person)
      if (member === undefined) return undefined
      const { absences, timeZone } = workingPerson(member, pipeline, at)
      const edges = absences.flatMap((absence) => Object.values(absenceSpan(absence, timeZone)))
      const later = edges.filter((edge) => edge > at)
      return later.length === 0 ? undefined : Math.min(...later)
    },
    keysOf(person) {
      const keysOfMember = (id: string) => [
        `person:${id}`,
        ...[...(led.get(id) ?? [])].map((department) => `lead:${department}`),
      ]
      const standsInFor = [...members.keys()].filter((id) => deputyOf(id, now) === person)
      return [...new Set([person, ...standsInFor].flatMap(keysOfMember))]
    },
  }
}

/** The context that determines who may act on an approval now. */
export function contextOf(
  approval: StoredApproval,
  pipeline: SitePipeline,
  people: ApprovalPeople,
  now: number,
): ApprovalContext {
  const { rules } = pipeline.engine
  const { process, stage, enteredAt, department, flow, requesterIds: requesters } = approval
  const history = rules.history(process)
  const version = history && versionAt(history, enteredAt)
  const definition = version?.stages.find(({ code }) => code === stage)
  const calendar = rules.calendars.calendarOf(definition?.calendar, department ?? undefined)
  return { flow, people, requesters, calendar, now }
}
