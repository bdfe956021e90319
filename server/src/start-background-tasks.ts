import type { Database } from '@stagewatch/db/database.ts'
import { DatabaseUnavailableError } from '@stagewatch/db/database-unavailable.ts'
import type { App } from './app.ts'
import { deleteOldAlerts } from './alerts/alerts-table.ts'
import { deleteOldLinks } from './approvals/delete-old-links.ts'
import { deleteOldHandovers } from './handover/handovers-table.ts'
import { deleteOldQuarantine } from './ingest/quarantine/quarantine-table.ts'
import { deleteOldSourceHours } from './ingest/sources/source-hours-table.ts'
import { deleteEndedSessions } from './identity/sessions-table.ts'
import { logChannel } from './log/append-events.ts'
import type { DatabaseMonitor } from './platform/database-monitor.ts'
import { LogFollower } from './log/log-follower.ts'
import type { LogCursor } from './log/log-follower.ts'
import { removeLeftTokens } from './channels/link-tokens.ts'
import { deleteOldMessages } from './channels/message-log.ts'
import { deleteOldDeliveries } from './connections/deliveries-table.ts'
import { deleteDeadJobs } from './platform/dead-jobs.ts'
import { listenForChanges } from './platform/site-changes.ts'
import { deleteOldTasks } from './tasks/tasks-table.ts'
import { deleteOldTransitions } from './transitions/transitions-table.ts'
import { rulesChannel } from './rules/rules-version.ts'

import { accessChannel } from './live/socket-authorization.ts'
import type { BoardSockets } from './live/board-sockets.ts'
import type { ScreenSockets } from './screens/screen-sockets.ts'
import type { SitePipeline } from './sites/site-pipeline.ts'
import { screensChannel } from './screens/screen-news.ts'

const heartbeatEveryMs = 2_000
const syncEveryMs = 5_000
const pollLogEveryMs = 1_000
const checkEveryMs = 1_000
const pollScreensEveryMs = 2_000
const cleanUpEveryMs = 60_000
const recordTransitionsEveryMs = 1_000
const reconcileEveryMs = 30_000
const recordBottlenecksEveryMs = 10_000
const sealSecretsEveryMs = 60_000
/** Interval at which unused sites are closed and the list of sites is refreshed. */
const refreshSitesEveryMs = 60_000
const hourMs = 3_600_000
const quarterHourMs = hourMs / 4
const endLostEveryMs = 5_000
const deleteUploadsEveryMs = quarterHourMs

export interface BackgroundOptions {
  readonly app: App
  readonly database: Database
  /** Position from which the log is followed, read before the sites. */
  readonly horizon: LogCursor
  readonly monitor: DatabaseMonitor
  readonly sockets: BoardSockets
  readonly screens: ScreenSockets
}

export interface Background {
  readonly follower: LogFollower
  /** Stops listening to the database; the tasks are stopped by their registry. */
  stop(): Promise<void>
}

/** Starts all work that no request triggers: at intervals, and after changes by another server instance. */
export async function startBackgroundTasks(options: BackgroundOptions): Promise<Background> {
  const { app, database, horizon, monitor, sockets, screens } = options
  const { clock, sites, origin, inDoubtTransactions, tasks } = app
  const failed = (error: unknown) => tasks.failed(error)
  const everyInstance = (name: string, everyMs: number, run: () => Promise<void>) =>
    tasks.start({ name, schedule: { everyMs }, instances: 'all', run })
  const changed = async (site: string, orders: readonly string[], position: bigint) =>
    (await sites.get(site)).follow(orders, position)
  const accessChanged = async (): Promise<void> => {
    app.expireCallers()
    await sites.refresh().catch(failed)
    await sockets.recheck()
  }
  // Privacy is part of the rules of a site.
  const rulesChanged = async (site: string): Promise<void> => {
    for (const opening of sites.opening()) void opening.then((pipeline) => pipeline.readRules()).catch(failed)
    await forEachSite(sites.list(), (pipeline) => pipeline.readRules(), failed, site)
    app.queries.invalidate(site, 'rules')
    await accessChanged()
  }
  const follower = new LogFollower({ database, clock, origin, from: horizon, changed, doubtful: inDoubtTransactions })
  const isUnavailable = (error: unknown) => error instanceof DatabaseUnavailableError
  const catchUp = async (): Promise<void> => {
    await follower.catchUp()
    await forEachSite(
      sites.list(),
      (site) => site.sync(),
      (error) => {
        if (isUnavailable(error)) throw error
        failed(error)
      },
    )
  }
  const poll = (): Promise<void> =>
    follower.catchUp().catch((error: unknown) => {
      monitor.fellBehind()
      throw error
    })
  const unlisten = [
    await database.listen(accessChannel, () => void accessChanged().catch(failed)),
    await database.listen(rulesChannel, (site) => void rulesChanged(site).catch(failed)),
    await listenForChanges(database, (site, topic) => {
      if (topic === 'alert-rules') app.alerts.watch.rulesChanged(site)
      app.queries.invalidate(site, topic)
    }),
  ]
  everyInstance('heartbeat', heartbeatEveryMs, () => heartbeat(app, sockets))
  // A notification may be lost with the session that listens.
  everyInstance('poll-screens', pollScreensEveryMs, () => screens.look())
  everyInstance('sync-sites', syncEveryMs, () => forEachSite(sites.listUsed(), (site) => site.sync(), failed))
  everyInstance('refresh-sites', refreshSitesEveryMs, async () => {
    await sites.refresh()
    await sites.closeIdle()
    await forEachSite(sites.list(), (site) => site.sync(), failed)
  })
  // Imports that were being read when this server, or another one, stopped.
  await app.uploads.endLost().catch(failed)
  const { transitions, deliveries, messages } = app
  await transitions.queueAll()
  everyInstance('record-transitions', recordTransitionsEveryMs, transitions.catchUp)
  tasks.startJobs('deliver-webhooks', deliveries)
  tasks.startJobs('deliver-messages', messages)
  app.alerts.startTasks(tasks)
  await app.approvals.start(tasks)
  app.teamTasks.startTasks(tasks)
  app.handovers.startTasks(tasks)
  await app.orderNews.start(tasks)
  const oneInstance = (name: string, everyMs: number, run: () => Promise<void>) =>
    tasks.start({ name, schedule: { everyMs }, instances: 'one', run })
  oneInstance('reconcile-transitions', reconcileEveryMs, transitions.reconcileAll)
  oneInstance('record-bottlenecks', recordBottlenecksEveryMs, transitions.recordBottlenecks)
  oneInstance('seal-webhook-secrets', sealSecretsEveryMs, () => app.webhooks.sealSecrets())
  // Runs on every instance: each writes the hours of the sites that it has open, and existing rows are kept.
  tasks.start({
    name: 'capture-hours',
    schedule: { next: nextQuarterHour },
    instances: 'all',
    run: () => forEachSite(sites.list(), captureHour, failed),
  })
  const hourly = (name: string, run: () => Promise<void>) =>
    tasks.start({ name, schedule: { next: nextHour }, instances: 'one', run })
  hourly('archive-orders', async () => app.archiver.runDue(await sites.list()))
  hourly('delete-ended-sessions', () => deleteEndedSessions(database))
  hourly('delete-old-deliveries', () => deleteOldDeliveries(database))
  hourly('delete-old-messages', () => deleteOldMessages(database))
  hourly('remove-link-tokens', () => removeLeftTokens(database))
  hourly('delete-dead-jobs', () => deleteDeadJobs(database))
  hourly('delete-old-transitions', () => deleteOldTransitions(database))
  hourly('delete-old-alerts', () => deleteOldAlerts(database))
  hourly('delete-old-approval-links', () => deleteOldLinks(database))
  hourly('delete-old-tasks', () => deleteOldTasks(database))
  hourly('delete-old-handovers', () => deleteOldHandovers(database, app.clock.now()))
  hourly('delete-old-page-files', () => app.pageFiles.deleteOld())
  hourly('delete-old-quarantine', () => deleteOldQuarantine(database))
  everyInstance('end-lost-imports', endLostEveryMs, () => app.uploads.endLost())
  everyInstance('delete-old-uploads', deleteUploadsEveryMs, () => app.uploads.deleteExpired())
  hourly('delete-old-source-hours', () => deleteOldSourceHours(database))
  oneInstance('delete-expired-attempts', cleanUpEveryMs, () => app.attempts.deleteExpired())
  // The embedded database is not written to by any other server instance.
  if (database.kind === 'postgresql') {
    unlisten.push(await database.listen(logChannel, () => void follower.catchUp().catch(failed)))
    unlisten.push(await database.listen(screensChannel, () => app.screens.news.tell()))
    everyInstance('follow-log', pollLogEveryMs, poll)
    everyInstance('check-database', checkEveryMs, () => monitor.check(catchUp))
  }
  return {
    follower,
    async stop() {
      for (const stop of unlisten) await stop()
    },
  }
}

/**
 * Each heartbeat evaluates the boards again, because some numbers change with time alone: those of the day, and of the
 * last 24 h.
 */
async function heartbeat({ sites, clock }: App, sockets: BoardSockets): Promise<void> {
  for (const site of await sites.list()) for (const { boards } of site.views()) boards.invalidate()
  await sockets.heartbeat(clock.now())
}

/** A failure at one site does not affect the others. @param only code of a single site; empty for all. */
async function forEachSite(
  sites: Promise<SitePipeline[]>,
  work: (site: SitePipeline) => Promise<void>,
  failed: (error: unknown) => void,
  only = '',
): Promise<void> {
  for (const pipeline of await sites) {
    if (only === '' || pipeline.site.code === only) await work(pipeline).catch(failed)
  }
}

/** Does nothing while the local time of the site is within the hour that was written last. */
async function captureHour(site: SitePipeline): Promise<void> {
  if (site.isHourCaptureDue()) await site.captureHour()
}

/** In some time zones, hours begin at a quarter or half of a UTC hour. */
function nextQuarterHour(now: number): number {
  return (Math.floor(now / quarterHourMs) + 1) * quarterHourMs
}

function nextHour(now: number): number {
  return (Math.floor(now / hourMs) + 1) * hourMs
}
