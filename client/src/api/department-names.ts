import { departmentList, departmentNames } from '@stagewatch/shared/contract/departments.ts'
import { departmentNamed } from '@stagewatch/shared/domain/departments.ts'
import { queryOptions, useQuery } from '@tanstack/react-query'
import { useText } from '../locales/use-text.ts'
import { request } from './request.ts'
import { useMe } from './session.ts'

const freshForMs = 60_000

/** The names of the departments that the user may see. */
export const departmentNamesQuery = (site: string) =>
  queryOptions({
    queryKey: ['department-names', site],
    queryFn: ({ signal }) => request({ path: '/api/v1/department-names', response: departmentNames, site, signal }),
    staleTime: freshForMs,
  })

/** Shows users who are editing what somebody else has saved since. */
const refetchEveryMs = 15_000

/** The departments with their settings, and the texts of events that belong to none. */
export const departmentsQuery = (site: string) =>
  queryOptions({
    queryKey: ['departments', site],
    queryFn: ({ signal }) => request({ path: '/api/v1/departments', response: departmentList, site, signal }),
    refetchInterval: refetchEveryMs,
  })

export interface DepartmentTexts {
  /** The name, in the page's language, of a department text from events; the text itself if it is not managed. */
  readonly nameOf: (text: string) => string
  /** The names of several texts, each department once. */
  readonly namesOf: (texts: readonly string[]) => string
  /** Keys of the departments that can be chosen. */
  readonly offered: readonly string[]
}

export function useDepartmentNames(): DepartmentTexts {
  const { t, nameOf: inLanguage } = useText()
  const { site, actions } = useMe()
  const { data } = useQuery({ ...departmentNamesQuery(site), enabled: actions.includes('board.read') })
  const departments = data?.departments ?? []
  const nameOf = (text: string): string => {
    const department = departmentNamed(departments, text)
    return department === undefined ? text : inLanguage(department.name)
  }
  return {
    nameOf,
    namesOf: (texts) => [...new Set(texts.map(nameOf))].join(t('listComma')),
    offered: departments.filter(({ archived }) => !archived).map(({ key }) => key),
  }
}
