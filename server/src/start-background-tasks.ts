import type { Database } from '@stagewatch/db/database.ts'
import { DatabaseUnavailableError } from '@stagewatch/db/database-unavailable.ts'
import type { App } from './app.ts'
import { importsChannel } from './ingest/imports-table.ts'
import { deleteOldQuarantine } from './ingest/quarantine-table.ts'
import { deleteOldSourceHours } from './ingest/source-hours-table.ts'
import { deleteEndedSessions } from './identity/sessions-table.ts'
import { logChannel } from './log/append-events.ts'
import type { DatabaseMonitor } from './platform/database-monitor.ts'
import { LogFollower } from './log/log-follower.ts'
import type { LogCursor } from './log/log-follower.ts'
import { deleteOldDeliveries } from './connections/deliveries-table.ts'
import { deleteDeadJobs } from './platform/jobs.ts'
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
const deliverEveryMs = 1_000
const recordTransitionsEveryMs = 1_000
const reconcileEveryMs = 30_000
const recordBottlenecksEveryMs = 10_000
/** Those that nobody uses, and which there are. */
const refreshSitesEveryMs = 60_000
const hourMs = 3_600_000
const quarterHourMs = hourMs / 4
const endLostEveryMs = 5_000
const deleteUploadsEveryMs = quarterHourMs

export interface BackgroundOptions {
  readonly app: App
  readonly database: Database
  /** From where on the log is followed: before the sites were read. */
  readonly horizon: LogCursor
  readonly monitor: DatabaseMonitor
  readonly sockets: BoardSockets
  readonly screens: ScreenSockets
}

export interface Background {
  readonly follower: LogFollower
  /** Ends listening to the database; the tasks are stopped by their registry. */
  stop(): Promise<void>
}

/** Starts what happens without a request: by time, and because another server instance has written something. */
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
  // What a site keeps from everybody is one of its rules.
  const rulesChanged = async (site: string): Promise<void> => {
    for (const opening of sites.opening()) void opening.then((pipeline) => pipeline.readRules()).catch(failed)
    await forEachSite(sites.list(), (pipeline) => pipeline.readRules(), failed, site)
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
    await database.listen(importsChannel, (site) => app.queries.invalidate(site, 'imports')),
  ]
  everyInstance('heartbeat', heartbeatEveryMs, () => heartbeat(app, sockets))
  // A notice may be lost with the session that listens.
  everyInstance('poll-screens', pollScreensEveryMs, () => screens.look())
  everyInstance('sync-sites', syncEveryMs, () => forEachSite(sites.listUsed(), (site) => site.sync(), failed))
  everyInstance('refresh-sites', refreshSitesEveryMs, async () => {
    await sites.refresh()
    await sites.closeIdle()
    await forEachSite(sites.list(), (site) => site.sync(), failed)
  })
  // What was being read when this server, or another one, ended.
  await app.uploads.endLost().catch(failed)
  const { transitions, deliveries } = app
  await transitions.noteStart()
  everyInstance('record-transitions', recordTransitionsEveryMs, transitions.catchUp)
  everyInstance('deliver-webhooks', deliverEveryMs, deliveries.runDue)
  const oneInstance = (name: string, everyMs: number, run: () => Promise<void>) =>
    tasks.start({ name, schedule: { everyMs }, instances: 'one', run })
  oneInstance('reconcile-transitions', reconcileEveryMs, transitions.reconcileAll)
  oneInstance('record-bottlenecks', recordBottlenecksEveryMs, transitions.recordBottlenecks)
  // On every instance: each writes the hours of the sites that are open on it, and a row that is there stays.
  tasks.start({
    name: 'capture-hours',
    schedule: { next: nextQuarterHour },
    instances: 'all',
    run: () => forEachSite(sites.list(), captureHour, failed),
  })
  const hourly = (name: string, run: () => Promise<void>) =>
    tasks.start({ name, schedule: { next: nextHour }, instances: 'one', run })
  hourly('delete-ended-sessions', () => deleteEndedSessions(database))
  hourly('delete-old-deliveries', () => deleteOldDeliveries(database))
  hourly('delete-dead-jobs', () => deleteDeadJobs(database))
  hourly('delete-old-transitions', () => deleteOldTransitions(database))
  hourly('delete-old-quarantine', () => deleteOldQuarantine(database))
  everyInstance('end-lost-imports', endLostEveryMs, () => app.uploads.endLost())
  everyInstance('delete-old-uploads', deleteUploadsEveryMs, () => app.uploads.deleteExpired())
  hourly('delete-old-source-hours', () => deleteOldSourceHours(database))
  oneInstance('delete-expired-attempts', cleanUpEveryMs, () => app.attempts.deleteExpired())
  // The embedded database has no other server instance that writes to it.
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

/** With each heartbeat the boards are looked at again, because some numbers move with time alone: the day, the last 24 h. */
async function heartbeat({ sites, clock }: App, sockets: BoardSockets): Promise<void> {
  for (const site of await sites.list()) for (const { boards } of site.views()) boards.invalidate()
  await sockets.heartbeat(clock.now())
}

/** What fails at one site keeps no other one waiting. @param only code of the one site; empty: all. */
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

/** Does nothing while the clocks of the site show the hour that was written last. */
async function captureHour(site: SitePipeline): Promise<void> {
  if (site.isHourCaptureDue()) await site.captureHour()
}

/** In some zones hours turn at a quarter or a half. */
function nextQuarterHour(now: number): number {
  return (Math.floor(now / quarterHourMs) + 1) * quarterHourMs
}

function nextHour(now: number): number {
  return (Math.floor(now / hourMs) + 1) * hourMs
}
