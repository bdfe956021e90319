import type { Database } from '@stagewatch/db/database.ts'
import { productVersion } from '@stagewatch/db/product-version.ts'
import { serverStatus } from '@stagewatch/shared/contract/server-status.ts'
import type { ServerStatus, TaskStatus } from '@stagewatch/shared/contract/server-status.ts'
import { z } from 'zod'
import type { AccessRules } from '../access/caller.ts'
import { callerOf } from '../access/route-access.ts'
import { describeBackups } from '../backup/scheduled-backups.ts'
import type { BackupSchedule } from '../backup/scheduled-backups.ts'
import type { BackgroundTasks, TaskReport } from '../platform/background-tasks.ts'
import type { ClockSteps } from '../platform/clock/clock-steps.ts'
import type { Clock } from '../platform/clock/clock.ts'
import type { LoadMonitor } from '../platform/load/load-monitor.ts'
import { clientFolder } from '../platform/http/http-app.ts'
import { refusals } from '../platform/http/problem-answer.ts'
import type { TypedApp } from '../platform/http/typed-app.ts'
import { countSiteJobs } from '../platform/jobs.ts'
import type { SecretKeys } from '../platform/secret-keys.ts'
import { listScreens } from '../screens/manage-screens.ts'
import type { ScreenContext } from '../screens/screen-context.ts'
import type { SitePipeline } from '../sites/site-pipeline.ts'
import type { SiteRegistry } from '../sites/site-registry.ts'
import { checkHealth } from './check-health.ts'
import type { Check } from './check-open-transactions.ts'
import { readDatabaseSize } from './database-size.ts'
import type { ServerInstances } from './server-instances.ts'
import { ReusedResults } from './reused-results.ts'

interface StatusRouteOptions {
  readonly sites: SiteRegistry
  readonly database: Database
  readonly clock: Clock
  readonly clockSteps: ClockSteps
  readonly load: LoadMonitor
  readonly tasks: BackgroundTasks
  readonly backups: BackupSchedule | undefined
  readonly archiver: { readonly directory: string }
  readonly access: Pick<AccessRules, 'proxies'>
  readonly secrets: SecretKeys
  /** URL under which people reach the server. */
  readonly publicUrl: string | undefined
  readonly screens: ScreenContext
  readonly instances: ServerInstances
  /** Origin of this server instance. */
  readonly origin: string
  /** See `LogFollower.heldMs`. */
  readonly logHeldMs: () => number
  /** See `Board`. */
  readonly dataAsOf: () => number | undefined
}

const querystring = z.strictObject({ site: z.string().optional() })

/** The state of a site and of this server instance, for a page that requests it again and again. */
export function statusRoutes(app: TypedApp, options: StatusRouteOptions): void {
  const { sites, database, clock, clockSteps, load, tasks, backups, archiver } = options
  const { screens, instances, origin, logHeldMs, dataAsOf, access, secrets, publicUrl } = options
  const startedAt = clock.elapsed()
  const checks = new ReusedResults(clock, async (pipeline: SitePipeline) => ({
    checkedAt: clock.now(),
    found: await checkHealth(database, pipeline, {
      now: clock.now(),
      clockStep: clockSteps.recent,
      backups,
      archiveDirectory: archiver.directory,
      surroundings: { proxies: access.proxies, publicUrl, clientFolder, secrets },
      tasks: tasks.reports(),
    }),
  }))
  const sizes = new ReusedResults(clock, async (measured: Database) => {
    const found = await readDatabaseSize(measured, { backups, archiveDirectory: archiver.directory })
    const { forecast: _forecast, ...size } = found
    return size
  })

  app.get('/api/v1/admin/status', {
    config: { access: 'site.manage', load: 'never' },
    schema: {
      summary: 'The state of the site and of the server that answers',
      tags: ['administration'],
      querystring,
      response: { 200: serverStatus, ...refusals },
    },
    handler: async (request): Promise<ServerStatus> => {
      const caller = callerOf(request)
      const pipeline = await sites.get(caller.site)
      const now = clock.now()
      const { checkedAt, found } = await checks.get(pipeline)
      const { newest } = await describeBackups(backups, now)
      const shown = await listScreens(screens, caller)
      const asOf = dataAsOf()
      return {
        asOf: now,
        checkedAt,
        checks: found.map(withoutMessage).toSorted((a, b) => Number(a.ok) - Number(b.ok)),
        server: { version: productVersion, uptimeMs: clock.elapsed() - startedAt, load: describeLoad(load) },
        instances: (await instances.list()).map((each) => ({
          version: each.version,
          startedAt: each.startedAt,
          isAnswering: each.id === origin,
        })),
        database: { kind: database.kind, ...(await sizes.get(database)) },
        log: {
          waitingEvents: pipeline.waitingEvents,
          heldMs: logHeldMs(),
          ...(asOf !== undefined && { dataAsOf: asOf }),
        },
        screens: { paired: shown.length, online: shown.filter(({ online }) => online).length },
        backup: {
          ...(backups !== undefined && { dailyAt: backups.at }),
          ...(newest !== undefined && { newest: { completedAt: newest.completedAt, bytes: newest.bytes } }),
        },
        queues: (await countSiteJobs(database, caller.site)).map(({ oldestRunAt, ...queue }) => ({
          ...queue,
          ...(oldestRunAt !== undefined && oldestRunAt < now && { overdueMs: now - oldestRunAt }),
        })),
        tasks: tasks
          .reports()
          .map(shownTask)
          .toSorted((a, b) => Number(b.isFailing) - Number(a.isFailing)),
      }
    },
  })
}

function describeLoad({ level, lastShed, reducedCadenceMs, sample }: LoadMonitor): ServerStatus['server']['load'] {
  return {
    level,
    ...(lastShed !== undefined && { lastShed }),
    ...(reducedCadenceMs !== undefined && { reducedMs: reducedCadenceMs }),
    ...sample,
  }
}

/** The messages of `doctor` contain paths, accounts and errors of the whole installation. */
function withoutMessage({ name: _name, message: _message, ...finding }: Check) {
  return finding
}

function shownTask({ lastError, ...report }: TaskReport): TaskStatus {
  return { ...report, isFailing: lastError !== undefined }
}
