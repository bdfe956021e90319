import type { AddressInfo } from 'node:net'
import type { Database } from '@stagewatch/db/database.ts'
import { DatabaseUnavailableError } from '@stagewatch/db/database-unavailable.ts'
import type { Logger } from 'pino'
import { isLoopback } from './access/caller.ts'
import { createApp } from './app.ts'
import type { App } from './app.ts'
import { every } from './clock/every.ts'
import type { Clock } from './clock/clock.ts'
import type { Environment } from './environment.ts'
import { logChannel } from './log/append-events.ts'
import { registerMetricsRoutes } from './http/metrics-routes.ts'
import { LogFollower, logHorizon } from './follow/follow-log.ts'
import type { LogCursor } from './follow/follow-log.ts'
import { rulesChannel } from './follow/rules-version.ts'
import { openBoardSockets } from './live/board-sockets.ts'
import type { BoardSockets } from './live/board-sockets.ts'
import { ScreenSockets } from './live/screen-sockets.ts'
import type { SitePipeline } from './pipeline.ts'
import { ServerMetrics } from './metrics/server-metrics.ts'
import { screensChannel } from './screens/screen-news.ts'

const pulseEveryMs = 2_000
const exchangeEveryMs = 5_000
const pollLogEveryMs = 1_000
const lookAfterScreensEveryMs = 2_000
const hourMs = 3_600_000

export interface ServeOptions {
  readonly environment: Environment
  readonly database: Database
  readonly clock: Clock
  readonly logger: Logger
  readonly operatorToken?: string
  /** Origin of this process in the log; by default a random one. */
  readonly origin?: string
}

export interface RunningServer extends App {
  /** Where it serves, without a slash at the end. */
  readonly url: string
  close(): Promise<void>
}

/** The app on a port, with its sockets and everything that time drives. */
export async function serve(options: ServeOptions): Promise<RunningServer> {
  const { environment, database, clock, logger, operatorToken, origin } = options
  const { HOST: host, PORT: port, PUBLIC_URL: publicUrl, METRICS_TOKEN: metricsToken } = environment
  // The sockets need the server that the app makes, and the app needs somewhere to send deltas.
  const live: { sockets?: BoardSockets } = {}
  // Before the sites are read: what another process adds while they are being read is followed.
  const horizon = await logHorizon(database)
  const metrics = new ServerMetrics()
  const app = await createApp({
    database,
    clock,
    logger,
    readsOpen: isLoopback(host) && (publicUrl === undefined || isLoopback(new URL(publicUrl).hostname)),
    publicUrl,
    send: (site, delta) => live.sockets?.send(site, delta),
    observer: metrics.pipelines,
    mostVisits: environment.MEMORY_VISITS,
    ...(operatorToken !== undefined && { operatorToken }),
    ...(origin !== undefined && { origin }),
  })
  metrics.watch({ sites: app.sites, clock, socketCount: () => live.sockets?.count ?? 0 })
  registerMetricsRoutes(app.http, { registry: metrics.registry, access: app.access, token: metricsToken })
  const screens = new ScreenSockets(app.screens, logger)
  const stops = await keepTime(app, database, horizon, logger, () => live.sockets, screens)
  // Open sockets would keep the port busy until their clients leave.
  app.http.addHook('preClose', async () => {
    for (const stop of stops) await stop()
    await screens.close()
    await live.sockets?.close()
  })
  await app.http.ready()
  const { http, sites, access, build } = app
  live.sockets = openBoardSockets({
    server: http.server,
    sites,
    access,
    screens,
    publicUrl,
    build,
    logger,
  })
  await app.http.listen({ host, port })
  return { ...app, url: addressOf(app.http.server.address(), host), close: () => app.http.close() }
}

/** Starts what happens without a request; returns how to stop each. */
async function keepTime(
  app: App,
  database: Database,
  horizon: LogCursor,
  logger: Logger,
  sockets: () => BoardSockets | undefined,
  screens: ScreenSockets,
): Promise<(() => Promise<void>)[]> {
  const { clock, sites, origin, doubtfulCommits } = app
  const failed = (error: unknown) => {
    if (error instanceof DatabaseUnavailableError) logger.warn(`timed work waits: ${error.message}`)
    else logger.error({ err: error }, 'timed work failed')
  }
  const repeat = (intervalMs: number, work: () => Promise<void>) =>
    every(clock, (now) => now + intervalMs, work, failed)
  const changed = async (site: string, orders: readonly string[], position: bigint) =>
    (await sites.get(site)).follow(orders, position)
  const follower = new LogFollower(database, origin, horizon, changed, doubtfulCommits)
  const unlisten = [
    await database.listen(logChannel, () => void follower.catchUp().catch(failed)),
    await database.listen(rulesChannel, () => void forEachSite(app, (site) => site.readRules(), failed).catch(failed)),
    await database.listen(screensChannel, () => app.screens.news.tell()),
  ]
  const timers = [
    repeat(pulseEveryMs, () => pulse(app, sockets())),
    // A notice may be lost with the session that listens.
    repeat(lookAfterScreensEveryMs, () => screens.look()),
    repeat(exchangeEveryMs, () => forEachSite(app, (site) => site.exchange(), failed)),
    every(clock, nextHour, () => forEachSite(app, (site) => site.turnHour(), failed), failed),
  ]
  if (database.kind === 'postgresql') timers.push(repeat(pollLogEveryMs, () => follower.catchUp()))
  return [...timers, ...unlisten]
}

/** With each pulse the boards are looked at again, because some numbers move with time alone: the day, the last 24 h. */
async function pulse({ sites, clock }: App, sockets: BoardSockets | undefined): Promise<void> {
  for (const { boards } of await sites.list()) boards.touch()
  await sockets?.pulse(clock.now())
}

/** What fails at one site keeps no other one waiting. */
async function forEachSite(
  { sites }: App,
  work: (site: SitePipeline) => Promise<void>,
  failed: (error: unknown) => void,
): Promise<void> {
  for (const site of await sites.list()) await work(site).catch(failed)
}

function nextHour(now: number): number {
  return (Math.floor(now / hourMs) + 1) * hourMs
}

function addressOf(address: AddressInfo | string | null, host: string): string {
  if (address === null || typeof address === 'string') throw new Error('the server listens on no port')
  return `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`
}
