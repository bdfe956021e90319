import { compareAnswer, compareQuery } from '@stagewatch/shared/contract/analysis-compare.ts'
import { outliersAnswer, outliersQuery } from '@stagewatch/shared/contract/analysis-outliers.ts'
import { audienceOf } from '../access/caller.ts'
import { callerOf } from '../access/route-access.ts'
import type { VisitScans } from '../engine/scans/visit-scans.ts'
import { refusals } from '../platform/http/problem-answer.ts'
import type { TypedApp } from '../platform/http/typed-app.ts'
import type { AnswerContext } from '../query/answers.ts'
import { withOlderVisits } from '../query/older-visits.ts'
import { questionWithin } from '../query/question-within.ts'
import { comparePeriods } from './compare-periods.ts'
import { describeOutliers } from './outliers.ts'
import { withNames } from './translated-name.ts'

interface CompareRouteOptions extends AnswerContext {
  readonly scans: VisitScans
}

const tags = ['numbers']

export function compareRoutes(
  app: TypedApp,
  { sites, database, questions, numbersAt, scans }: CompareRouteOptions,
): void {
  app.get('/api/v1/analysis/compare', {
    config: { access: 'numbers.read' },
    schema: {
      summary: 'How figures differ between two periods, of days that are alike',
      tags,
      querystring: compareQuery,
      response: { 200: compareAnswer, ...refusals },
    },
    handler: async (request) => {
      const caller = callerOf(request)
      const { site } = caller
      const { engine, position, privacy } = await sites.get(site)
      const question = questionWithin(request.query, audienceOf(caller, privacy.now))
      return questions.ask(['compare', site, question], async () => {
        const now = numbersAt()
        const older = withOlderVisits(scans, { database, site, engine })
        return { ...(await comparePeriods(engine, question, now, older)), asOf: now, position }
      })
    },
  })

  app.get('/api/v1/analysis/outliers', {
    config: { access: 'numbers.read' },
    schema: {
      summary: 'Which visits take longer than others of their stage, and what they have in common',
      tags,
      querystring: outliersQuery,
      response: { 200: outliersAnswer, ...refusals },
    },
    handler: async (request) => {
      const caller = callerOf(request)
      const { site } = caller
      const { engine, position, privacy, translations } = await sites.get(site)
      const audience = audienceOf(caller, privacy.now)
      const question = questionWithin(request.query, audience)
      return questions.ask(['outliers', site, question, audience.privacy], async () => {
        const now = numbersAt()
        const older = withOlderVisits(scans, { database, site, engine })
        const outliers = await describeOutliers(engine, question, audience.privacy, now, older)
        const findings = withNames(outliers.findings, translations)
        return { ...outliers, findings, asOf: now, position }
      })
    },
  })
}
