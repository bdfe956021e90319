import type { Database } from '@stagewatch/db/database.ts'
import { startInfo } from '@stagewatch/shared/contract/start.ts'
import { problem } from '@stagewatch/shared/contract/problem.ts'
import { z } from 'zod'
import manifest from '../../../package.json' with { type: 'json' }
import { AppError } from '../app-error.ts'
import { defaultSite } from '../sites/default-site.ts'
import type { RouteContext, TypedApp } from './route-context.ts'

const status = z.object({ status: z.literal('ok') })

/** A balancer waits no longer for an answer. */
const databaseAnswersWithinMs = 2_000

/** @throws when the database is another process and does not answer. */
async function requireAnswer(database: Database): Promise<void> {
  if (database.kind === 'embedded') return
  const silent = Promise.withResolvers<never>()
  const timer = setTimeout(() => {
    silent.reject(new AppError('not_ready', 'the database does not answer', { retryAfterS: 1 }))
  }, databaseAnswersWithinMs)
  await Promise.race([database.query('select 1'), silent.promise]).finally(() => clearTimeout(timer))
}

export function registerHealthRoutes(app: TypedApp, context: RouteContext): void {
  app.get('/healthz', {
    schema: { summary: 'The process answers', tags: ['health'], security: [], response: { 200: status } },
    handler: () => ({ status: 'ok' as const }),
  })

  app.get('/readyz', {
    schema: {
      summary: 'Migrated, rebuilt and caught up, and the database answers',
      tags: ['health'],
      security: [],
      response: { 200: status, 503: problem },
    },
    handler: async () => {
      if (!context.isReady()) throw new AppError('not_ready', 'still starting', { retryAfterS: 1 })
      await requireAnswer(context.database)
      return { status: 'ok' as const }
    },
  })

  app.get('/api/v1/start', {
    config: { access: 'everyone' },
    schema: { summary: 'What runs here', tags: ['health'], security: [], response: { 200: startInfo } },
    handler: async () => {
      const { database, sites, access } = context
      const pipelines = await sites.list()
      const shown = pipelines.filter(({ site }) => access.readsOpen || site.sample)
      return {
        version: manifest.version,
        sites: shown.map(({ site, engine }) => ({
          code: site.code,
          name: site.name,
          sample: site.sample,
          openOrders: [...engine.processes()].reduce((sum, process) => sum + process.openCount, 0),
          events: engine.eventCount,
        })),
        defaultSite: await defaultSite(sites),
        database: database.kind,
        readsOpen: access.readsOpen,
      }
    },
  })
}
