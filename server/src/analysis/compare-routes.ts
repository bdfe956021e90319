import { compareAnswer, compareQuery } from '@stagewatch/shared/contract/analysis-compare.ts'
import { outliersAnswer, outliersQuery } from '@stagewatch/shared/contract/analysis-outliers.ts'
import { refusals } from '../platform/http/problem-answer.ts'
import type { TypedApp } from '../platform/http/typed-app.ts'
import { analysisAnswers, analysisResponse } from './answer-analysis.ts'
import type { AnalysisContext } from './answer-analysis.ts'
import { comparePeriods } from './compare-periods.ts'
import { describeOutliers } from './outliers.ts'
import { withNames } from './translated-name.ts'

const tags = ['numbers']

export function compareRoutes(app: TypedApp, context: AnalysisContext): void {
  const answer = analysisAnswers(context)

  app.get('/api/v1/analysis/compare', {
    config: { access: 'numbers.read' },
    schema: {
      summary: 'Figures of two periods compared, over days of the same kind',
      tags,
      querystring: compareQuery,
      response: { 200: analysisResponse(compareAnswer), ...refusals },
    },
    handler: (request, reply) =>
      answer(request, reply, {
        kind: 'compare',
        query: request.query,
        answer: compareAnswer,
        find: ({ pipeline, question, now, scans, watch }) =>
          comparePeriods(pipeline.engine, question, now, scans, watch),
      }),
  })

  app.get('/api/v1/analysis/outliers', {
    config: { access: 'numbers.read' },
    schema: {
      summary: 'Which visits take longer than others of their stage, and what they have in common',
      tags,
      querystring: outliersQuery,
      response: { 200: analysisResponse(outliersAnswer), ...refusals },
    },
    handler: (request, reply) =>
      answer(request, reply, {
        kind: 'outliers',
        query: request.query,
        answer: outliersAnswer,
        find: async ({ pipeline, question, audience, now, scans, watch }) => {
          const outliers = await describeOutliers(pipeline.engine, question, audience.privacy, now, scans, watch)
          return { ...outliers, findings: withNames(outliers.findings, pipeline.translations) }
        },
      }),
  })
}
