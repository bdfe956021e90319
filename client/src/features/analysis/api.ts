import { dwellAnswer, flowAnswer, lagAnswer, timeAnswer } from '@stagewatch/shared/contract/analysis.ts'
import { partsAnswer } from '@stagewatch/shared/contract/analysis-parts.ts'
import { approvalTimeAnswer } from '@stagewatch/shared/contract/analysis-approvals.ts'
import type { WorkProgress } from '@stagewatch/shared/contract/answer-lines.ts'
import {
  keepPreviousData,
  queryOptions,
  skipToken,
  useQuery,
  useQueryClient,
  type UseQueryResult,
} from '@tanstack/react-query'
import type { z } from 'zod'
import { requestAnswer } from '../../api/request-answer.ts'
import { apiSearch } from '../../api/search-params.ts'

/** The progress of a query, or that the user has cancelled it. */
export type AnalysisWork = WorkProgress | 'cancelled'

/** An analysis query. The previous result stays while the next one is loading. */
export const analysisQuery = <Answer>(
  site: string,
  kind: string,
  response: z.ZodType<Answer>,
  question: Readonly<Record<string, unknown>>,
) => {
  const search = apiSearch(question)
  return queryOptions({
    queryKey: ['analysis', kind, site, search],
    queryFn: async ({ signal, client, queryKey }) => {
      const note = (work: AnalysisWork | null): void => void client.setQueryData(workKey(queryKey), work)
      note(null)
      const path = `/api/v1/analysis/${kind}?${search}`
      const answer = await requestAnswer({ path, response, site, signal }, note)
      note(null)
      return answer
    },
    placeholderData: keepPreviousData,
    // What somebody has cancelled is asked again when they say so.
    refetchInterval: ({ state }) =>
      state.status === 'pending' && state.fetchStatus === 'idle' ? false : analysisEveryMs,
  })
}

/** Under which it is kept how far the server is with the question of a key, see `AnalysisWork`. */
const workKey = (queryKey: readonly unknown[]) => ['analysis-work', ...queryKey] as const

/** What is about weeks need not be newer than this. */
const analysisEveryMs = 60_000

export interface Analysis<Data> {
  readonly query: UseQueryResult<Data>
  /** Undefined: the query is finished or has only just started. */
  readonly work: AnalysisWork | undefined
  /** Stops the work on the server. */
  readonly cancel: () => void
}

/** Runs an analysis query. Replacing it by another one stops the work on the server. */
export function useAnalysis<Answer>(options: ReturnType<typeof analysisQuery<Answer>>): Analysis<Answer> {
  const queries = useQueryClient()
  const query = useQuery(options)
  const { queryKey } = options
  const { data: work } = useQuery<AnalysisWork | null>({ queryKey: workKey(queryKey), queryFn: skipToken })
  const cancel = (): void => {
    void queries.cancelQueries({ queryKey, exact: true })
    queries.setQueryData<AnalysisWork | null>(workKey(queryKey), 'cancelled')
  }
  return { query, work: work ?? undefined, cancel }
}

export const timeQuery = (site: string, question: Readonly<Record<string, unknown>>) =>
  analysisQuery(site, 'time', timeAnswer, question)

export const partsQuery = (site: string, question: Readonly<Record<string, unknown>>) =>
  analysisQuery(site, 'parts', partsAnswer, question)

export const dwellQuery = (site: string, question: Readonly<Record<string, unknown>>) =>
  analysisQuery(site, 'dwell', dwellAnswer, question)

export const flowQuery = (site: string, question: Readonly<Record<string, unknown>>) =>
  analysisQuery(site, 'flow', flowAnswer, question)

export const approvalTimeQuery = (site: string, question: Readonly<Record<string, unknown>>) =>
  analysisQuery(site, 'approvals', approvalTimeAnswer, question)

export const lagQuery = (site: string, question: Readonly<Record<string, unknown>>) =>
  analysisQuery(site, 'lag', lagAnswer, question)
