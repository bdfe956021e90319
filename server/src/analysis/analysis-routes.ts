import {
  dwellAnswer,
  dwellQuery,
  flowAnswer,
  flowQuery,
  lagAnswer,
  lagQuery,
  timeAnswer,
  timeQuery,
} from '@stagewatch/shared/contract/analysis.ts'
import { approvalTimeAnswer, approvalTimeQuery } from '@stagewatch/shared/contract/analysis-approvals.ts'
import { partsAnswer, partsQuery } from '@stagewatch/shared/contract/analysis-parts.ts'
import { visitsAnswer, visitsQuery } from '@stagewatch/shared/contract/analysis-visits.ts'
import { problem } from '@stagewatch/shared/contract/problem.ts'
import { audienceOf } from '../access/caller.ts'
import { readAs } from '../access/read-as.ts'
import { callerOf } from '../access/route-access.ts'
import { AppError } from '../platform/app-error.ts'
import { refusals } from '../platform/http/problem-answer.ts'
import type { TypedApp } from '../platform/http/typed-app.ts'
import { approvalTime } from './approval-time.ts'
import { analysisAnswers, analysisResponse } from './answer-analysis.ts'
import type { AnalysisContext } from './answer-analysis.ts'
import { dwellDistribution } from './dwell-distribution.ts'
import { entryLag } from './entry-lag.ts'
import { recordedEvents } from './recorded-events.ts'
import type { EventSelection } from './recorded-events.ts'
import { stageFlow } from './stage-flow.ts'
import { timeParts } from './time-parts.ts'
import { timeSpent } from './time-spent.ts'
import { withTranslatedName } from './translated-name.ts'
import { listVisits } from './visits-behind.ts'

const tags = ['numbers']
const config = { access: 'numbers.read' } as const

export function analysisRoutes(app: TypedApp, context: AnalysisContext): void {
  const { sites, database } = context
  const answer = analysisAnswers(context)

  app.get('/api/v1/analysis/time', {
    config,
    schema: {
      summary: 'How the time of finished visits was spent',
      tags,
      querystring: timeQuery,
      response: { 200: analysisResponse(timeAnswer), ...refusals },
    },
    handler: (request, reply) =>
      answer(request, reply, {
        kind: 'analysis-time',
        query: request.query,
        answer: timeAnswer,
        find: async ({ pipeline, question, now, scans }) => {
          const spent = await timeSpent(pipeline.engine, question, now, scans)
          return { ...spent, rows: spent.rows.map((row) => withTranslatedName(pipeline.translations, row)) }
        },
      }),
  })

  app.get('/api/v1/analysis/parts', {
    config,
    schema: {
      summary: 'How much of the time of finished visits was working, waiting and on hold',
      tags,
      querystring: partsQuery,
      response: { 200: analysisResponse(partsAnswer), ...refusals },
    },
    handler: (request, reply) =>
      answer(request, reply, {
        kind: 'analysis-parts',
        query: request.query,
        answer: partsAnswer,
        find: async ({ pipeline, question, now, scans }) => {
          const spent = await timeParts(pipeline.engine, question, now, scans)
          return { ...spent, rows: spent.rows.map((row) => withTranslatedName(pipeline.translations, row)) }
        },
      }),
  })

  app.get('/api/v1/analysis/dwell', {
    config,
    schema: {
      summary: 'How long visits took: a histogram and percentiles',
      tags,
      querystring: dwellQuery,
      response: { 200: analysisResponse(dwellAnswer), ...refusals },
    },
    handler: (request, reply) =>
      answer(request, reply, {
        kind: 'analysis-dwell',
        query: request.query,
        answer: dwellAnswer,
        find: ({ pipeline, question, now, scans }) => dwellDistribution(pipeline.engine, question, now, scans),
      }),
  })

  app.get('/api/v1/analysis/flow', {
    config,
    schema: {
      summary: 'Arrivals, departures and open orders of each stage, by hour or by day',
      tags,
      querystring: flowQuery,
      response: { 200: analysisResponse(flowAnswer), ...refusals },
    },
    handler: (request, reply) =>
      answer(request, reply, {
        kind: 'analysis-flow',
        query: request.query,
        answer: flowAnswer,
        find: ({ pipeline, question, now, scans }) => stageFlow(pipeline.engine, question, now, scans),
      }),
  })

  app.get('/api/v1/analysis/visits', {
    config: { access: 'orders.read' },
    schema: {
      summary: 'The finished visits behind a figure, longest first',
      tags,
      querystring: visitsQuery,
      response: { 200: analysisResponse(visitsAnswer), ...refusals, 404: problem },
    },
    handler: (request, reply) =>
      answer(request, reply, {
        kind: 'analysis-visits',
        query: request.query,
        answer: visitsAnswer,
        find: ({ pipeline, question, now, watch }) => listVisits(pipeline.engine, question, now, watch),
      }),
  })

  app.get('/api/v1/analysis/approvals', {
    config,
    schema: {
      summary: 'How long orders wait for approval, by stage',
      tags,
      querystring: approvalTimeQuery,
      response: { 200: analysisResponse(approvalTimeAnswer), ...refusals },
    },
    handler: (request, reply) =>
      answer(request, reply, {
        kind: 'analysis-approvals',
        query: request.query,
        answer: approvalTimeAnswer,
        find: ({ caller, pipeline, question, now }) =>
          readAs(database.longRunning, caller, (tx) => approvalTime(tx, caller.site, pipeline.engine, question, now)),
      }),
  })

  app.get('/api/v1/analysis/lag', {
    config,
    schema: {
      summary: 'How long after the fact events are reported',
      tags,
      querystring: lagQuery,
      response: { 200: analysisResponse(lagAnswer), ...refusals },
    },
    handler: async (request, reply) => {
      const caller = callerOf(request)
      const { privacy } = await sites.get(caller.site)
      if (request.query.rows === 'actor' && audienceOf(caller, privacy.now).privacy.people !== 'shown') {
        throw new AppError('forbidden', 'events cannot be grouped by person here', { field: 'rows' })
      }
      return answer(request, reply, {
        kind: 'analysis-lag',
        query: request.query,
        answer: lagAnswer,
        find: ({ pipeline, question, now, watch }) => {
          const { engine, sources } = pipeline
          // Not read with the caller's rights: row-level security hides the visits of other departments, and the
          // department of an order at an event must be correct.
          const read = (selection: EventSelection) =>
            recordedEvents(database.longRunning, caller.site, selection, watch)
          return entryLag({ engine, read, namesOf: (codes) => sources.registry.namesOf(codes) }, question, now)
        },
      })
    },
  })
}
