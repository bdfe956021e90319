import { join, resolve } from 'node:path'
import { freeBytes } from '@stagewatch/db/data-directory.ts'
import type { Database } from '@stagewatch/db/database.ts'
import type { Logger } from 'pino'
import { commandSettings, fileSettings } from './platform/command-settings.ts'
import { isLoopback, reachableUrls, ServedHosts } from './platform/http/served-hosts.ts'
import { startSealing } from './audit/seal-task.ts'
import { backupSchedule, startScheduledBackups } from './backup/scheduled-backups.ts'
import { archiveDirectory } from './retention/archive-directory.ts'
import { loadArchiveStates } from './retention/archive-runs-table.ts'
import { createApp } from './app.ts'
import { listen } from './platform/http/listen.ts'
import { startBackgroundTasks } from './start-background-tasks.ts'
import type { App } from './app.ts'
import type { Clock } from './platform/clock/clock.ts'
import type { Environment } from './platform/environment.ts'
import { startErasures } from './erasure/run-erasure.ts'
import { identitySettings } from './identity/identity-settings.ts'
import { quarantineUsage } from './ingest/quarantine/save-quarantine.ts'
import { deadJobRoutes } from './ops/dead-job-routes.ts'
import { metricsRoutes } from './ops/metrics-routes.ts'
import { countJobs } from './platform/jobs.ts'
import { countStatements } from './platform/load/count-statements.ts'
import { LoadMonitor } from './platform/load/load-monitor.ts'
import { logSlowStatements } from './platform/slow-statements.ts'
import { secretKeysFor } from './platform/secret-keys.ts'
import { DatabaseMonitor } from './platform/database-monitor.ts'
import { logHorizon } from './log/log-follower.ts'
import { openBoardSockets } from './live/board-sockets.ts'
import { ScreenSockets } from './screens/screen-sockets.ts'
import { ServerInstances } from './ops/server-instances.ts'
import { ServerMetrics } from './ops/server-metrics.ts'
import { statusRoutes } from './ops/status-routes.ts'
import { startTelemetry } from './ops/telemetry/start-telemetry.ts'
import type { Tracer } from './platform/tracing/active-span.ts'
import { traceStatements } from './platform/tracing/trace-statements.ts'
import { versionRoutes } from './ops/version-routes.ts'

const reportInstanceEveryMs = 10_000

export interface ServeOptions {
  readonly environment: Environment
  readonly database: Database
  readonly clock: Clock
  readonly logger: Logger
  readonly localAdminToken?: string
  /** Origin of this server instance in the log; by default a random one. */
  readonly origin?: string
  /** See `LoadMonitorOptions`. */
  readonly fixedLoadLevel?: () => number
}

export interface RunningServer extends App {
  /** URL of the server as reached from this machine, without a trailing slash. */
  readonly url: string
  /** URLs at which others reach it, most useful first. */
  readonly urls: readonly string[]
  close(): Promise<void>
}

/** Starts the app on a port, with its sockets and background tasks. */
export async function serve(options: ServeOptions): Promise<RunningServer> {
  const { environment, clock, logger, localAdminToken, origin } = options
  const metrics = new ServerMetrics()
  const telemetry = await startTelemetry({ environment, registry: metrics.registry, logger })
  const tracer = telemetry?.tracer
  const load = new LoadMonitor({ logger, fixedLevel: options.fixedLoadLevel })
  const database = watchedDatabase({ ...options, database: countStatements(options.database, load) }, tracer)
  const { HOST: host, PORT: port, PUBLIC_URL: publicUrl, METRICS_TOKEN: metricsToken } = environment
  const hosts = new ServedHosts({ bind: host, publicUrl, allowed: environment.ALLOWED_HOSTS ?? [] })
  const { TRUSTED_PROXIES: proxies } = environment
  const backups = backupSchedule(environment)
  // Read before the sites: events that another server instance adds while they are being read are then followed.
  const horizon = await logHorizon(database)
  const monitor = new DatabaseMonitor({ database, clock, logger })
  const app = await createApp({
    database,
    clock,
    logger,
    tracer,
    readsOpen: isLoopback(host) && (publicUrl === undefined || isLoopback(new URL(publicUrl).hostname)),
    publicUrl,
    commandSettings: commandSettings(environment, fileSettings()),
    hosts,
    ...(proxies !== undefined && { trustedProxies: proxies }),
    dataAsOf: () => monitor.dataAsOf,
    observer: metrics.pipelines,
    load,
    maxVisits: environment.MEMORY_VISITS,
    uploads: {
      directory: resolve(environment.UPLOAD_DIR ?? join(environment.DATA_DIR, 'uploads')),
      maxBytes: environment.UPLOAD_MAX_BYTES,
    },
    secretKeys: secretKeysFor(environment.SECRETS_KEY, database.dataDirectory),
    archiveDirectory: archiveDirectory(environment),
    backups,
    allowsPrivateWebhooks: environment.WEBHOOK_PRIVATE_NETWORKS === 'on',
    identity: identitySettings(environment, database.kind === 'embedded'),
    ...(localAdminToken !== undefined && { localAdminToken }),
    ...(origin !== undefined && { origin }),
  })
  const { http, sites, access, tasks } = app
  const screens = new ScreenSockets(app.screens, logger)
  const sockets = openBoardSockets({ ...app, server: http.server, database, screens, publicUrl, logger, tracer })
  const instances = new ServerInstances(database, app.origin)
  await instances.report()
  await app.pageFiles.share()
  const background = await startBackgroundTasks({ app, database, horizon, monitor, sockets, screens })
  const headsDirectory = resolve(environment.AUDIT_HEADS_DIR ?? join(environment.DATA_DIR, 'audit-heads'))
  startSealing(tasks, { database, clock, headsDirectory })
  startErasures(tasks, { database, clock, sites, archiver: app.archiver })
  tasks.start({
    name: 'report-instance',
    schedule: { everyMs: reportInstanceEveryMs },
    instances: 'all',
    run: () => instances.report(),
  })
  if (backups !== undefined) startScheduledBackups(tasks, { database, clock, logger, schedule: backups })
  metrics.watch({
    sites,
    clock,
    load,
    socketCount: () => sockets.count,
    logHeldMs: () => background.follower.heldMs,
    diskFreeBytes: async () => {
      const { dataDirectory } = database
      return dataDirectory === undefined ? undefined : freeBytes(dataDirectory).catch(() => undefined)
    },
    // While the database is away, the other collections are still reported.
    usage: async () => ({
      ...(await quarantineUsage(database).catch(() => ({}))),
      ...app.usage(),
      ...sockets.usage,
    }),
    tasks: () => tasks.reports(),
    jobs: () => countJobs(database),
    archives: () => loadArchiveStates(database),
  })
  await http.register(statusRoutes, {
    ...app,
    instances,
    publicUrl,
    logHeldMs: () => background.follower.heldMs,
    dataAsOf: () => monitor.dataAsOf,
  })
  await http.register(versionRoutes, { database, instances })
  await http.register(deadJobRoutes, app)
  await http.register(metricsRoutes, { registry: metrics.registry, access, token: metricsToken })
  // Open sockets would keep the port busy until their clients disconnect.
  http.addHook('preClose', async () => {
    load.close()
    app.deliveries.close()
    app.messages.close()
    app.alerts.close()
    app.approvals.close()
    app.teamTasks.close()
    app.orderNews.close()
    await app.archiver.close()
    await tasks.stop()
    await background.stop()
    await screens.close()
    await sockets.close()
  })
  await http.ready()
  const urls = reachableUrls(
    host,
    await listen(http, host, port).catch(async (error: unknown) => {
      await http.close()
      await telemetry?.stop()
      throw error
    }),
  )
  load.watchConnections(http.server)
  app.identity.servedAt(urls[0] ?? '')
  const close = async (): Promise<void> => {
    await http.close()
    // After the last request, which may have stored events.
    await instances.end().catch((error: unknown) => tasks.failed(error))
    await telemetry?.stop()
  }
  return { ...app, url: urls.at(-1) ?? '', urls, close }
}

/** With slow statements logged and statements traced, as far as that is wanted. */
function watchedDatabase({ database, environment, clock, logger }: ServeOptions, tracer: Tracer | undefined): Database {
  const { SLOW_STATEMENT_MS: slowMs } = environment
  const logged = slowMs === 0 ? database : logSlowStatements(database, { clock, logger, slowMs })
  return tracer === undefined ? logged : traceStatements(logged)
}
