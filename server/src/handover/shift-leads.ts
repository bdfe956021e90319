import type { Queryable } from '@stagewatch/db/database.ts'
import { textsOf } from '@stagewatch/shared/domain/departments.ts'
import type { Department } from '@stagewatch/shared/domain/departments.ts'
import { presenceAt } from '@stagewatch/shared/domain/presence.ts'
import type { ShiftSpan } from '@stagewatch/shared/domain/time/shift-starts.ts'
import type { SitePipeline } from '../sites/site-pipeline.ts'
import { earliestToday } from '../team/change-team.ts'
import { loadMembers } from '../team/members-table.ts'
import type { StoredMember } from '../team/members-table.ts'
import { isOfTeam } from '../team/team-scope.ts'
import { workingPerson } from '../team/working-person.ts'

/** Ids of people. */
export interface ShiftLeads {
  /** The leads who were at work when the shift ended. */
  readonly from: readonly string[]
  /** The leads who are at work when the next shift starts, and the deputies of those who are absent. */
  readonly to: readonly string[]
}

/**
 * Finds who hands a shift over, and to whom. If calendars and absences say that none of them works when the next shift
 * starts, all leads are notified. Nobody is notified of a department that they may not see.
 * @param chosen ids of people; empty: the lead of the department.
 */
export async function findShiftLeads(
  db: Queryable,
  pipeline: SitePipeline,
  department: Department,
  chosen: readonly string[],
  { ended, next }: { readonly ended: ShiftSpan; readonly next: ShiftSpan | undefined },
): Promise<ShiftLeads> {
  const ids = chosen.length > 0 ? chosen : department.leadId === undefined ? [] : [department.leadId]
  if (ids.length === 0) return { from: [], to: [] }
  const texts = textsOf(department)
  const members = await loadMembers(db, pipeline.site.code, earliestToday(ended.end))
  const sees = (member: StoredMember) => member.departments === null || isOfTeam(member, texts)
  const leads = members.filter((member) => ids.includes(member.id) && sees(member))
  const presence = (member: StoredMember, at: number) => presenceAt(workingPerson(member, pipeline, at), at)
  const from = leads.filter((member) => presence(member, ended.end - 1).state === 'here')
  if (next === undefined) return { from: idsOf(from), to: idsOf(leads) }
  const here = leads.filter((member) => presence(member, next.start).state === 'here')
  const deputyIds = new Set(
    leads.map((member) => {
      const then = presence(member, next.start)
      return then.state === 'absent' ? then.deputyId : undefined
    }),
  )
  const told = [...here, ...members.filter((member) => deputyIds.has(member.id) && sees(member))]
  return { from: idsOf(from), to: idsOf(told.length > 0 ? told : leads) }
}

function idsOf(members: readonly StoredMember[]): string[] {
  return [...new Set(members.map(({ id }) => id))]
}
