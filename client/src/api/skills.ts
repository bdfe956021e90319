import { skillList } from '@stagewatch/shared/contract/team.ts'
import { queryOptions } from '@tanstack/react-query'
import { request } from './request.ts'

const refetchEveryMs = 15_000

/** Skills that people of the site can have and tasks can require. */
export const skillsQuery = (site: string) =>
  queryOptions({
    queryKey: ['skills', site],
    queryFn: ({ signal }) => request({ path: '/api/v1/skills', response: skillList, site, signal }),
    refetchInterval: refetchEveryMs,
  })
