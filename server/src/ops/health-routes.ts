import type { Database } from '@stagewatch/db/database.ts'
import { productVersion } from '@stagewatch/db/product-version.ts'
import { DatabaseUnavailableError } from '@stagewatch/db/database-unavailable.ts'
import { diskFull } from '@stagewatch/db/disk-space.ts'
import { startInfo } from '@stagewatch/shared/contract/start.ts'
import type { StartSite } from '@stagewatch/shared/contract/start.ts'
import { problem } from '@stagewatch/shared/contract/problem.ts'
import { liveness } from '@stagewatch/shared/contract/versions.ts'
import { z } from 'zod'
import { mayReadOpenly } from '../access/caller.ts'
import { AppError } from '../platform/app-error.ts'
import { databaseRefusal } from '../platform/database-refusal.ts'
import type { SitePipeline } from '../sites/site-pipeline.ts'
import { defaultSite } from '../sites/site-registry.ts'
import { credentialsOf } from '../access/route-access.ts'
import { hasManual } from '../platform/http/manual.ts'
import type { TypedApp } from '../platform/http/typed-app.ts'
import type { LoadMonitor } from '../platform/load/load-monitor.ts'
import type { ClockSteps } from '../platform/clock/clock-steps.ts'
import type { SiteVisibility } from '../identity/visible-sites.ts'
import { callerIfKnown, visibleSites } from '../identity/visible-sites.ts'

const status = z.object({ status: z.literal('ok') })

const readiness = status.extend({
  /**
   * The server's clock was set within the last day: when (epoch ms), and by how much (ms; negative if it was set back).
   */
  clockStep: z.object({ at: z.int(), byMs: z.int() }).optional(),
  /** Set while the server is overloaded: the number of kinds of work that it gives up. It remains ready. */
  loadLevel: z.int().positive().optional(),
})

/** Load balancers do not wait longer for an answer. */
const databaseAnswersWithinMs = 2_000

/** @throws when the database is an external one and does not answer. */
async function requireAnswer(database: Database): Promise<void> {
  if (database.kind === 'embedded') return
  const silent = Promise.withResolvers<never>()
  const timer = setTimeout(() => {
    silent.reject(databaseRefusal(new DatabaseUnavailableError('away', 'no answer in time')))
  }, databaseAnswersWithinMs)
  await Promise.race([database.query('select 1'), silent.promise]).finally(() => clearTimeout(timer))
}

/** A site that is not open has no orders. */
function countsOf(pipeline: SitePipeline | undefined): Pick<StartSite, 'openOrders' | 'events'> {
  if (pipeline === undefined) return { openOrders: 0, events: 0 }
  const { engine } = pipeline
  const openOrders = [...engine.processes()].reduce((sum, process) => sum + process.openCount, 0)
  return { openOrders, events: engine.eventCount }
}

interface HealthRouteOptions extends SiteVisibility {
  readonly database: Database
  readonly clockSteps: ClockSteps
  readonly load: LoadMonitor
  /** See `commandSettings`. */
  readonly commandSettings: string
  /** Whether this server instance has caught up and can answer requests. */
  readonly isReady: () => boolean
}

export function healthRoutes(app: TypedApp, options: HealthRouteOptions): void {
  const alive = { status: 'ok' as const, version: productVersion, ...(hasManual() && { manual: true as const }) }
  app.get('/healthz', {
    schema: { summary: 'Whether the process answers', tags: ['health'], security: [], response: { 200: liveness } },
    handler: () => alive,
  })

  app.get('/readyz', {
    schema: {
      summary: 'Whether the server is migrated, rebuilt and caught up, and the database answers',
      tags: ['health'],
      security: [],
      response: { 200: readiness, 503: problem },
    },
    handler: async () => {
      if (!options.isReady()) throw new AppError('not_ready', 'still starting', { retryAfterS: 1, field: 'server' })
      await requireAnswer(options.database)
      if ((await options.database.isFull?.()) === true) throw databaseRefusal(diskFull())
      const clockStep = options.clockSteps.recent
      const { level } = options.load
      return {
        status: 'ok' as const,
        ...(clockStep !== undefined && { clockStep }),
        ...(level > 0 && { loadLevel: level }),
      }
    },
  })

  app.get('/api/v1/start', {
    config: { access: 'everyone', load: 'never' },
    schema: {
      summary: 'The version of this server, its sites and its database, for the start page',
      tags: ['health'],
      security: [],
      response: { 200: startInfo },
    },
    handler: async (request) => {
      const { database, sites, access } = options
      const readsOpen = mayReadOpenly(credentialsOf(request), access)
      const shown = await visibleSites(request, await callerIfKnown(request, options), options)
      return {
        version: productVersion,
        sites: shown.map(({ site, pipeline, showsFigures }) => ({
          code: site.code,
          name: site.name,
          sample: site.sample,
          ...(showsFigures && countsOf(pipeline)),
        })),
        defaultSite: await defaultSite(sites),
        database: database.kind,
        readsOpen,
        // A folder of the machine is no business of visitors from other machines.
        ...(readsOpen && options.commandSettings !== '' && { commandSettings: options.commandSettings }),
      }
    },
  })
}
