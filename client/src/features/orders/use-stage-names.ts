import { board } from '@stagewatch/shared/contract/board.ts'
import { queryOptions, useQuery } from '@tanstack/react-query'
import { request } from '../../api/request.ts'
import { useMe } from '../../api/session.ts'
import { useText } from '../../locales/use-text.ts'

const hourMs = 3_600_000

/** Codes and names of the stages of the site's first process. */
const stagesQuery = (site: string) =>
  queryOptions({
    queryKey: ['stages', site],
    queryFn: async ({ signal }) => {
      const { stageOrder, stages } = await request({ path: '/api/v1/board', response: board, site, signal })
      return stageOrder.map((code) => ({ code, name: stages[code]?.name }))
    },
    staleTime: hourMs,
  })

/** Names of the stages of the site's first process by their codes, in the order of the process. */
export function useStageNames(): Map<string, string> {
  const { nameOf } = useText()
  const { site, actions } = useMe()
  const { data = [] } = useQuery({ ...stagesQuery(site), enabled: actions.includes('board.read') })
  return new Map(data.map(({ code, name }) => [code, name === undefined ? code : nameOf(name)]))
}
