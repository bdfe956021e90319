import { board, kpis } from '@stagewatch/shared/contract/board.ts'
import type { Board } from '@stagewatch/shared/contract/board.ts'
import { problem } from '@stagewatch/shared/contract/problem.ts'
import { z } from 'zod'
import { audienceOf } from '../access/caller.ts'
import type { Caller } from '../access/caller.ts'
import { callerOf } from '../access/route-access.ts'
import { refusals } from '../platform/http/problem-answer.ts'
import { AppError } from '../platform/app-error.ts'
import type { TypedApp } from '../platform/http/typed-app.ts'
import type { SiteRegistry } from '../sites/site-registry.ts'

const boardQuery = z.strictObject({ site: z.string().optional(), board: z.string().max(250).default('overview') })
const kpisAnswer = kpis.extend({
  asOf: z.int(),
  position: z.string(),
  dataAsOf: board.shape.dataAsOf,
  lastMovedOn: board.shape.lastMovedOn,
})

export function boardRoutes(app: TypedApp, { sites }: { readonly sites: SiteRegistry }): void {
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
      return boardSnapshot(sites, caller, request.query.board)
    },
  })

  app.get('/api/v1/kpis', {
    config: { access: 'board.read' },
    schema: {
      summary: 'The figures of the top row of a screen, with what they are compared to',
      tags: ['numbers'],
      querystring: boardQuery,
      response: { 200: kpisAnswer, ...refusals, 404: problem },
    },
    handler: async (request) => {
      const caller = callerOf(request)
      const { kpis: numbers, asOf, position, ...rest } = await boardSnapshot(sites, caller, request.query.board)
      const { dataAsOf, lastMovedOn } = rest
      return {
        ...numbers,
        asOf,
        position,
        ...(dataAsOf !== undefined && { dataAsOf }),
        ...(lastMovedOn !== undefined && { lastMovedOn }),
      }
    },
  })
}

/** The board's snapshot, restricted to what the caller may see. @throws AppError `unknown_board`. */
export async function boardSnapshot(sites: SiteRegistry, caller: Caller, id: string): Promise<Board> {
  const pipeline = await sites.get(caller.site)
  const { departments, privacy } = audienceOf(caller, pipeline.privacy.now)
  const { boards } = await pipeline.view(departments)
  const publisher = boards.find(id, privacy)
  if (publisher === undefined) throw new AppError('unknown_board', 'the site has no such board', { field: 'board' })
  return publisher.snapshot()
}
