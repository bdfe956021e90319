import type { Database } from '@stagewatch/db/database.ts'
import { doctorReport, rebuildReport } from '@stagewatch/shared/contract/admin.ts'
import type { AccessRules } from '../access/caller.ts'
import { callerOf } from '../access/route-access.ts'
import type { BackupSchedule } from '../backup/scheduled-backups.ts'
import type { ClockSteps } from '../platform/clock/clock-steps.ts'
import type { BackgroundTasks } from '../platform/background-tasks.ts'
import type { Clock } from '../platform/clock/clock.ts'
import { clientFolder } from '../platform/http/http-app.ts'
import { refusals } from '../platform/http/problem-answer.ts'
import type { TypedApp } from '../platform/http/typed-app.ts'
import type { SecretKeys } from '../platform/secret-keys.ts'
import type { SiteRegistry } from '../sites/site-registry.ts'
import { checkHealth } from './check-health.ts'

const tags = ['administration']

interface MaintenanceRouteOptions {
  readonly sites: SiteRegistry
  readonly database: Database
  readonly clock: Clock
  readonly clockSteps: ClockSteps
  readonly tasks: BackgroundTasks
  readonly backups: BackupSchedule | undefined
  readonly archiver: { readonly directory: string }
  readonly access: Pick<AccessRules, 'proxies'>
  readonly secrets: SecretKeys
  /** URL under which people reach the server. */
  readonly publicUrl: string | undefined
}

export function maintenanceRoutes(
  app: TypedApp,
  { sites, database, clock, clockSteps, tasks, backups, archiver, access, secrets, publicUrl }: MaintenanceRouteOptions,
): void {
  app.post('/api/v1/admin/rebuild', {
    config: { access: 'site.manage' },
    schema: { summary: 'Rebuild every order from the event log', tags, response: { 200: rebuildReport, ...refusals } },
    handler: async (request) => {
      const pipeline = await sites.get(callerOf(request).site)
      const begin = performance.now()
      const rebuilt = await pipeline.rebuild((events) => request.log.info({ events }, 'rebuilding'))
      return { ...rebuilt, elapsedMs: Math.round(performance.now() - begin) }
    },
  })

  app.get('/api/v1/admin/doctor', {
    config: { access: 'site.manage', load: 'never' },
    schema: { summary: 'Check the installation', tags, response: { 200: doctorReport, ...refusals } },
    handler: async (request) => {
      const pipeline = await sites.get(callerOf(request).site)
      const checks = await checkHealth(database, pipeline, {
        now: clock.now(),
        clockStep: clockSteps.recent,
        backups,
        archiveDirectory: archiver.directory,
        surroundings: { proxies: access.proxies, publicUrl, clientFolder, secrets },
        tasks: tasks.reports(),
      })
      return { ok: checks.every((check) => check.ok), checks }
    },
  })
}
