import { board, kpis } from '@stagewatch/shared/contract/board.ts'
import { correctionsAnswer, correctionsQuery } from '@stagewatch/shared/contract/corrections.ts'
import { heatmapAnswer, heatmapQuery } from '@stagewatch/shared/contract/heatmap.ts'
import { problem } from '@stagewatch/shared/contract/problem.ts'
import { stageStatsAnswer, statsQuery } from '@stagewatch/shared/contract/stage-stats.ts'
import type { Board } from '@stagewatch/shared/contract/board.ts'
import { movedCells, movedSpans } from '@stagewatch/shared/domain/correction.ts'
import { z } from 'zod'
import { audienceOf } from '../access/audience-of.ts'
import type { Caller } from '../access/caller.ts'
import { readAs } from '../access/read-as.ts'
import { AppError } from '../app-error.ts'
import { loadCorrections } from '../fold/corrections-table.ts'
import { heatmap } from '../query/heatmap.ts'
import { olderThan, withOlderVisits } from '../query/older-visits.ts'
import { questionWithin } from '../query/question-within.ts'
import { stageStatistics } from '../query/stage-stats.ts'
import type { SiteRegistry } from '../sites/site-registry.ts'
import { refusals } from './refusals.ts'
import { callerOf } from './route-access.ts'
import type { RouteContext, TypedApp } from './route-context.ts'

const boardQuery = z.strictObject({ site: z.string().optional(), board: z.string().max(250).default('overview') })

export function registerNumberRoutes(app: TypedApp, { sites, scans, clock, database }: RouteContext): void {
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
      const { engine, position, privacy } = await sites.get(caller.site)
      const question = questionWithin(request.query, audienceOf(caller, privacy.now))
      const now = clock.now()
      const older = withOlderVisits(scans, { database, site: caller.site, engine })
      const stages = await stageStatistics(engine, question, now, older)
      return { stages, ...olderThan(engine, request.query.from), asOf: now, position }
    },
  })

  app.get('/api/v1/stages/heatmap', {
    config: { access: 'numbers.read' },
    schema: {
      summary: 'One number of every stage, department, product or customer over time',
      tags: ['numbers'],
      querystring: heatmapQuery,
      response: { 200: heatmapAnswer, ...refusals },
    },
    handler: async (request) => {
      const caller = callerOf(request)
      const pipeline = await sites.get(caller.site)
      const question = questionWithin(request.query, audienceOf(caller, pipeline.privacy.now))
      const now = clock.now()
      const older = withOlderVisits(scans, { database, site: caller.site, engine: pipeline.engine })
      return { ...(await heatmap(pipeline, question, now, older)), asOf: now, position: pipeline.position }
    },
  })

  app.get('/api/v1/corrections', {
    config: { access: 'numbers.read' },
    schema: {
      summary: 'Which figures late events and corrections have moved',
      tags: ['numbers'],
      querystring: correctionsQuery,
      response: { 200: correctionsAnswer, ...refusals },
    },
    handler: async (request) => {
      const caller = callerOf(request)
      const { position } = await sites.get(caller.site)
      const found = await readAs(database, caller, (tx) =>
        loadCorrections(tx, caller.site, request.query, caller.departments),
      )
      return {
        corrections: found.map(({ removed, added, ...rest }) => ({
          ...rest,
          cells: movedCells({ removed, added }),
          open: movedSpans({ removed, added }),
        })),
        asOf: clock.now(),
        position,
      }
    },
  })

  app.get('/api/v1/board', {
    config: { access: 'board.read' },
    schema: {
      summary: 'The snapshot of a screen',
      tags: ['numbers'],
      querystring: boardQuery,
      response: { 200: board, ...refusals, 404: problem },
    },
    handler: async (request) => {
      const caller = callerOf(request)
      return snapshot(sites, caller, request.query.board)
    },
  })

  app.get('/api/v1/kpis', {
    config: { access: 'board.read' },
    schema: {
      summary: 'The numbers of the top row of a screen, with what they are compared with',
      tags: ['numbers'],
      querystring: boardQuery,
      response: { 200: kpis.extend({ asOf: z.int(), position: z.string() }), ...refusals, 404: problem },
    },
    handler: async (request) => {
      const caller = callerOf(request)
      const { kpis: numbers, asOf, position } = await snapshot(sites, caller, request.query.board)
      return { ...numbers, asOf, position }
    },
  })
}

async function snapshot(sites: SiteRegistry, caller: Caller, id: string): Promise<Board> {
  const pipeline = await sites.get(caller.site)
  const { departments, privacy } = audienceOf(caller, pipeline.privacy.now)
  const { boards } = await pipeline.view(departments)
  const publisher = boards.find(id, privacy)
  if (publisher === undefined) throw new AppError('unknown_board', 'the site has no such board', { field: 'board' })
  return publisher.snapshot()
}
