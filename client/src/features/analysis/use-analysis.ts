import { skipToken, useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query'
import { workKey, type analysisQuery, type AnalysisWork } from './api.ts'

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
