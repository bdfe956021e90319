import { correctionsAnswer, correctionsQuery } from '@stagewatch/shared/contract/corrections.ts'
import { overviewAnswer, overviewQuery } from '@stagewatch/shared/contract/overview.ts'
import { heatmapAnswer, heatmapQuery } from '@stagewatch/shared/contract/heatmap.ts'
import { stageStatsAnswer, statsQuery } from '@stagewatch/shared/contract/stage-stats.ts'
import { withChineseAndEnglish } from '@stagewatch/shared/domain/local-text.ts'
import { correctedCells, correctedSpans } from '@stagewatch/shared/domain/correction.ts'
import { audienceOf } from '../access/caller.ts'
import { readAs } from '../access/read-as.ts'
import { hasArchivedCorrections, loadCorrections } from '../projection/corrections-table.ts'
import { heatmap } from './heatmap.ts'
import { answerOverview } from './answers.ts'
import type { AnswerContext } from './answers.ts'
import { olderThan, withOlderVisits } from './older-visits.ts'
import { restrictQuery } from './restrict-query.ts'
import { stageStatistics } from './stage-stats.ts'
import { refusals } from '../platform/http/problem-answer.ts'
import { callerOf } from '../access/route-access.ts'
import type { TypedApp } from '../platform/http/typed-app.ts'
import type { VisitScans } from '../engine/scans/visit-scans.ts'

interface StatisticsRouteOptions extends AnswerContext {
  readonly scans: VisitScans
}

export function statisticsRoutes(app: TypedApp, options: StatisticsRouteOptions): void {
  const { sites, scans, clock, database, questions, numbersAt } = options
  app.get('/api/v1/stages/stats', {
    config: { access: 'numbers.read' },
    schema: {
      summary: 'Durations and counts of every stage',
      tags: ['numbers'],
      querystring: statsQuery,
      response: { 200: stageStatsAnswer, ...refusals },
    },
    handler: async (request) => {
      const caller = callerOf(request)
      const { site } = caller
      const pipeline = await sites.get(site)
      const { engine } = pipeline
      const question = restrictQuery(request.query, audienceOf(caller, pipeline.privacy.now), pipeline.departments.now)
      return questions.ask(['stats', site, question], async () => {
        const { position } = pipeline
        const now = numbersAt()
        const older = withOlderVisits(scans, { database, site, engine })
        const stages = await stageStatistics(engine, question, now, older)
        return { stages, ...olderThan(engine, question.from), asOf: now, position }
      })
    },
  })

  app.get('/api/v1/stages/heatmap', {
    config: { access: 'numbers.read' },
    schema: {
      summary: 'One figure of every stage, department, product, customer or class of customers over time',
      tags: ['numbers'],
      querystring: heatmapQuery,
      response: { 200: heatmapAnswer, ...refusals },
    },
    handler: async (request) => {
      const caller = callerOf(request)
      const { site } = caller
      const pipeline = await sites.get(site)
      const question = restrictQuery(request.query, audienceOf(caller, pipeline.privacy.now), pipeline.departments.now)
      return questions.ask(['heatmap', site, question], async () => {
        const now = numbersAt()
        const older = withOlderVisits(scans, { database, site, engine: pipeline.engine })
        const table = await heatmap(pipeline, question, now, older)
        const names = pipeline.translations.of(table.rows.map(({ key }) => key)) ?? {}
        const rows = table.rows.map((row) => {
          const name = row.process === undefined && Object.hasOwn(names, row.key) ? names[row.key] : undefined
          return name === undefined ? row : { ...row, name: withChineseAndEnglish({ zh: row.key, ...name }) }
        })
        return { ...table, rows, asOf: now, position: pipeline.position }
      })
    },
  })

  app.get('/api/v1/overview', {
    config: { access: 'numbers.read' },
    schema: {
      summary: 'What is stuck now, how that developed over the last days, and where the time was spent',
      tags: ['numbers'],
      querystring: overviewQuery,
      response: { 200: overviewAnswer, ...refusals },
    },
    handler: (request) => answerOverview(options, callerOf(request), request.query),
  })

  app.get('/api/v1/corrections', {
    config: { access: 'numbers.read' },
    schema: {
      summary: 'Which figures were changed by late events and corrections',
      tags: ['numbers'],
      querystring: correctionsQuery,
      response: { 200: correctionsAnswer, ...refusals },
    },
    handler: async (request) => {
      const caller = callerOf(request)
      const { position, engine } = await sites.get(caller.site)
      const found = await readAs(database, caller, (tx) =>
        loadCorrections(tx, caller.site, request.query, caller.departments),
      )
      return {
        corrections: found.map(({ removed, added, ...rest }) => ({
          ...rest,
          cells: correctedCells({ removed, added }, (at) => engine.days.hourStart(at)),
          open: correctedSpans({ removed, added }),
        })),
        hasArchived: await hasArchivedCorrections(database, caller.site),
        asOf: clock.now(),
        position,
      }
    },
  })
}
