import {
  pathOrdersAnswer,
  pathOrdersQuery,
  pathsAnswer,
  pathsQuery,
} from '@stagewatch/shared/contract/analysis-paths.ts'
import { refusals } from '../platform/http/problem-answer.ts'
import type { TypedApp } from '../platform/http/typed-app.ts'
import { analysisAnswers, analysisResponse } from './answer-analysis.ts'
import type { AnalysisContext } from './answer-analysis.ts'
import { listPathOrders } from './path-orders.ts'
import { describePaths } from './paths.ts'

const tags = ['numbers']

export function pathsRoutes(app: TypedApp, context: AnalysisContext): void {
  const answer = analysisAnswers(context)

  app.get('/api/v1/analysis/paths', {
    config: { access: 'numbers.read' },
    schema: {
      summary: 'The paths of orders through a process, with the stages they skipped or repeated',
      tags,
      querystring: pathsQuery,
      response: { 200: analysisResponse(pathsAnswer), ...refusals },
    },
    handler: (request, reply) =>
      answer(request, reply, {
        kind: 'paths',
        query: request.query,
        answer: pathsAnswer,
        find: ({ pipeline, question, now, watch }) => describePaths(pipeline.engine, question, now, watch),
      }),
  })

  app.get('/api/v1/analysis/paths/orders', {
    config: { access: 'orders.read' },
    schema: {
      summary: 'The orders that took a path, skipped a stage or returned to it',
      tags,
      querystring: pathOrdersQuery,
      response: { 200: analysisResponse(pathOrdersAnswer), ...refusals },
    },
    handler: (request, reply) =>
      answer(request, reply, {
        kind: 'path-orders',
        query: request.query,
        answer: pathOrdersAnswer,
        find: ({ pipeline, question, audience, now, watch }) =>
          listPathOrders(pipeline.engine, question, audience, now, watch),
      }),
  })
}
