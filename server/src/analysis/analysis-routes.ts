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
import { audienceOf } from '../access/caller.ts'
import type { Caller } from '../access/caller.ts'
import { callerOf } from '../access/route-access.ts'
import type { VisitScans } from '../engine/scans/visit-scans.ts'
import { AppError } from '../platform/app-error.ts'
import { refusals } from '../platform/http/problem-answer.ts'
import type { TypedApp } from '../platform/http/typed-app.ts'
import type { AnswerContext } from '../query/answers.ts'
import { withOlderVisits } from '../query/older-visits.ts'
import { questionWithin } from '../query/question-within.ts'
import type { SitePipeline } from '../sites/site-pipeline.ts'
import type { AnalysisChoice } from './analysis-period.ts'
import { dwellDistribution } from './dwell-distribution.ts'
import { entryLag } from './entry-lag.ts'
import { recordedEvents } from './recorded-events.ts'
import { stageFlow } from './stage-flow.ts'
import { timeSpent } from './time-spent.ts'
import { namedIn } from './translated-name.ts'

interface AnalysisRouteOptions extends AnswerContext {
  readonly scans: VisitScans
}

const tags = ['numbers']
const config = { access: 'numbers.read' } as const

/** A question as its asker may ask it, of the site that it is about, at one instant. */
interface Asked<Q> {
  readonly pipeline: SitePipeline
  readonly question: Q
  readonly now: number
  /** Also of visits that the engine has forgotten. */
  readonly scans: VisitScans
}

export function analysisRoutes(
  app: TypedApp,
  { sites, database, questions, numbersAt, scans }: AnalysisRouteOptions,
): void {
  const answer = async <Q extends AnalysisChoice, A extends object>(
    kind: string,
    caller: Caller,
    query: Q,
    find: (asked: Asked<Q>) => Promise<A>,
  ) => {
    const { site } = caller
    const pipeline = await sites.get(site)
    const question = questionWithin(query, audienceOf(caller, pipeline.privacy.now))
    return questions.ask([kind, site, question], async () => {
      const now = numbersAt()
      const { engine, position } = pipeline
      const older = withOlderVisits(scans, { database, site, engine })
      return { ...(await find({ pipeline, question, now, scans: older })), asOf: now, position }
    })
  }

  app.get('/api/v1/analysis/time', {
    config,
    schema: {
      summary: 'Where the time of finished visits went',
      tags,
      querystring: timeQuery,
      response: { 200: timeAnswer, ...refusals },
    },
    handler: (request) =>
      answer('analysis-time', callerOf(request), request.query, async ({ pipeline, question, now, scans: all }) => {
        const spent = await timeSpent(pipeline.engine, question, now, all)
        const rows = spent.rows.map((row) => {
          const name = row.process === undefined ? namedIn(pipeline.translations, row.key) : undefined
          return name === undefined ? row : { ...row, name }
        })
        return { ...spent, rows }
      }),
  })

  app.get('/api/v1/analysis/dwell', {
    config,
    schema: {
      summary: 'How long visits took: a histogram and percentiles',
      tags,
      querystring: dwellQuery,
      response: { 200: dwellAnswer, ...refusals },
    },
    handler: (request) =>
      answer('analysis-dwell', callerOf(request), request.query, ({ pipeline, question, now, scans: all }) =>
        dwellDistribution(pipeline.engine, question, now, all),
      ),
  })

  app.get('/api/v1/analysis/flow', {
    config,
    schema: {
      summary: 'What came to each stage, left it and stayed there, hour by hour or day by day',
      tags,
      querystring: flowQuery,
      response: { 200: flowAnswer, ...refusals },
    },
    handler: (request) =>
      answer('analysis-flow', callerOf(request), request.query, ({ pipeline, question, now, scans: all }) =>
        stageFlow(pipeline.engine, question, now, all),
      ),
  })

  app.get('/api/v1/analysis/lag', {
    config,
    schema: {
      summary: 'How late events are reported',
      tags,
      querystring: lagQuery,
      response: { 200: lagAnswer, ...refusals },
    },
    handler: async (request) => {
      const caller = callerOf(request)
      const { privacy } = await sites.get(caller.site)
      if (request.query.rows === 'actor' && audienceOf(caller, privacy.now).privacy.people !== 'shown') {
        throw new AppError('forbidden', 'people are not told apart here', { field: 'rows' })
      }
      return answer('analysis-lag', caller, request.query, ({ pipeline, question, now }) => {
        const { engine, sources } = pipeline
        // Not as the caller, whom the database shows no visits of others: in whose hands an order was must not be mistaken.
        const read = (period: { readonly from: number; readonly to: number }) =>
          recordedEvents(database.longRunning, caller.site, period)
        return entryLag({ engine, read, namesOf: (codes) => sources.registry.namesOf(codes) }, question, now)
      })
    },
  })
}
