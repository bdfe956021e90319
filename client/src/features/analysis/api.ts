import { dwellAnswer, flowAnswer, lagAnswer, timeAnswer } from '@stagewatch/shared/contract/analysis.ts'
import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import type { z } from 'zod'
import { request } from '../../api/request.ts'
import { apiSearch } from '../../api/search-params.ts'

/** A question of the analysis; while the next answer is on its way, the last one stays. */
export const analysisQuery = <Answer extends z.ZodType>(
  site: string,
  kind: string,
  response: Answer,
  question: Readonly<Record<string, unknown>>,
) => {
  const search = apiSearch(question)
  return queryOptions({
    queryKey: ['analysis', kind, site, search],
    queryFn: ({ signal }) => request({ path: `/api/v1/analysis/${kind}?${search}`, response, site, signal }),
    placeholderData: keepPreviousData,
    refetchInterval: analysisEveryMs,
  })
}

/** What is about weeks need not be newer than this. */
const analysisEveryMs = 60_000

export const timeQuery = (site: string, question: Readonly<Record<string, unknown>>) =>
  analysisQuery(site, 'time', timeAnswer, question)

export const dwellQuery = (site: string, question: Readonly<Record<string, unknown>>) =>
  analysisQuery(site, 'dwell', dwellAnswer, question)

export const flowQuery = (site: string, question: Readonly<Record<string, unknown>>) =>
  analysisQuery(site, 'flow', flowAnswer, question)

export const lagQuery = (site: string, question: Readonly<Record<string, unknown>>) =>
  analysisQuery(site, 'lag', lagAnswer, question)
