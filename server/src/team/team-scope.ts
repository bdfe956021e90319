import type { DepartmentScope } from '@stagewatch/shared/domain/access/department-scope.ts'
import type { Privacy } from '@stagewatch/shared/domain/access/audience.ts'
import { textsOf } from '@stagewatch/shared/domain/departments.ts'
import type { Department } from '@stagewatch/shared/domain/departments.ts'
import type { Caller } from '../access/caller.ts'
import type { StoredMember } from './members-table.ts'

/**
 * The people whose skills and absences the caller manages besides their own: texts of departments; undefined means all.
 */
export function managedScope(caller: Caller, departments: readonly Department[]): DepartmentScope {
  const led = departments.filter(({ leadId }) => leadId !== undefined && leadId === caller.id).flatMap(textsOf)
  if (!caller.actions.has('team.manage')) return led
  return caller.departments === undefined ? undefined : [...caller.departments, ...led]
}

/**
 * Whether a member belongs to departments of a scope; a role for all departments does not count as belonging to them.
 */
export function isOfTeam({ departments }: Pick<StoredMember, 'departments'>, scope: DepartmentScope): boolean {
  return scope === undefined || (departments?.some((text) => scope.includes(text)) ?? false)
}

/**
 * Whether the caller may name a member as deputy: a colleague of their departments, or somebody with a role for all. If
 * the site hides names, only managers of people may see them.
 */
export function mayStandIn(
  member: Pick<StoredMember, 'departments'>,
  { kind, actions, departments: own }: Caller,
  { people }: Pick<Privacy, 'people'>,
): boolean {
  if (!actions.has('team.manage') && (kind !== 'person' || people === 'team')) return false
  return own === undefined || member.departments === null || isOfTeam(member, own)
}
