import { departmentList, type DepartmentSettings } from '@stagewatch/shared/contract/departments.ts'
import {
  skillList,
  teamList,
  type AbsenceRequest,
  type MemberSettings,
  type Skill,
  type TeamMember,
} from '@stagewatch/shared/contract/team.ts'
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { departmentNamesQuery, departmentsQuery } from '../../api/department-names.ts'
import { request } from '../../api/request.ts'
import { useMe } from '../../api/session.ts'
import { skillsQuery } from '../../api/skills.ts'

/** Shows users who are editing what somebody else has saved since, and who has arrived or left. */
const refetchEveryMs = 15_000

export const teamQuery = (site: string) =>
  queryOptions({
    queryKey: ['team', site],
    queryFn: ({ signal }) => request({ path: '/api/v1/team', response: teamList, site, signal }),
    refetchInterval: refetchEveryMs,
  })

interface DepartmentChange {
  readonly key: string
  /** Undefined: the department has no settings yet. */
  readonly version?: string | undefined
}

/** Saves a department. After a conflict the list is fetched again, so that the editor shows both versions. */
export function useSaveDepartment() {
  const { site } = useMe()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: ({ key, version, settings }: DepartmentChange & { readonly settings: DepartmentSettings }) =>
      request({
        path: departmentPath(key),
        method: 'PUT',
        body: settings,
        ...(version !== undefined && { version }),
        response: departmentList,
        site,
      }),
    onSuccess: async (list) => {
      queries.setQueryData(departmentsQuery(site).queryKey, list)
      await queries.invalidateQueries({ queryKey: departmentNamesQuery(site).queryKey })
    },
    onError: () => queries.invalidateQueries({ queryKey: departmentsQuery(site).queryKey }),
  })
}

export function useMergeDepartment() {
  const { site } = useMe()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: ({ key, version, into }: DepartmentChange & { readonly into: string }) =>
      request({
        path: `${departmentPath(key)}/merge`,
        method: 'POST',
        body: { into },
        ...(version !== undefined && { version }),
        response: departmentList,
        site,
      }),
    onSuccess: async (list) => {
      queries.setQueryData(departmentsQuery(site).queryKey, list)
      await queries.invalidateQueries({ queryKey: departmentNamesQuery(site).queryKey })
    },
    onError: () => queries.invalidateQueries({ queryKey: departmentsQuery(site).queryKey }),
  })
}

export function useSaveSkills(version: string) {
  const { site } = useMe()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: readonly Skill[]) =>
      request({ path: '/api/v1/skills', method: 'PUT', body, version, response: skillList, site }),
    onSuccess: async (list) => {
      queries.setQueryData(skillsQuery(site).queryKey, list)
      await queries.invalidateQueries({ queryKey: teamQuery(site).queryKey })
    },
    onError: () => queries.invalidateQueries({ queryKey: skillsQuery(site).queryKey }),
  })
}

export function useSaveMember({ id, version }: Pick<TeamMember, 'id' | 'version'>) {
  return useTeamChange((body: MemberSettings) => ({ path: memberPath(id), method: 'PUT', body, version }))
}

export function useEnterAbsence(id: string) {
  return useTeamChange((body: AbsenceRequest) => ({ path: `${memberPath(id)}/absences`, method: 'POST', body }))
}

export function useDeleteAbsence(id: string) {
  return useTeamChange((absence: string) => ({
    path: `${memberPath(id)}/absences/${encodeURIComponent(absence)}`,
    method: 'DELETE',
  }))
}

interface TeamRequest {
  readonly path: string
  readonly method: 'PUT' | 'POST' | 'DELETE'
  readonly body?: unknown
  readonly version?: string
}

/** Sends a change of a member; the response is the updated team. */
function useTeamChange<Change>(asked: (change: Change) => TeamRequest) {
  const { site } = useMe()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (change: Change) => request({ ...asked(change), response: teamList, site }),
    onSuccess: (list) => queries.setQueryData(teamQuery(site).queryKey, list),
    onError: () => queries.invalidateQueries({ queryKey: teamQuery(site).queryKey }),
  })
}

function departmentPath(key: string): string {
  return `/api/v1/departments/${encodeURIComponent(key)}`
}

function memberPath(id: string): string {
  return `/api/v1/team/${encodeURIComponent(id)}`
}
