import { randomBytes } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import compress from '@fastify/compress'
import swagger from '@fastify/swagger'
import type { Database } from '@stagewatch/db/database.ts'
import { BoardRooms } from './live/board-rooms.ts'
import { LiveQueries } from './live/live-queries.ts'
import { jsonSchemaTransform } from 'fastify-type-provider-zod'
import type { Logger } from 'pino'
import { actorOf } from './access/actor.ts'
import { ApiKeys } from './access/api-keys.ts'
import type { AccessRules } from './access/caller.ts'
import { BackgroundTasks } from './platform/background-tasks.ts'
import { Attempts } from './platform/rate-limits/attempts.ts'
import { TrustedProxies } from './platform/http/client-address.ts'
import { FailedAttempts } from './platform/rate-limits/failed-attempts.ts'
import { ServedHosts } from './platform/http/served-hosts.ts'
import { ClockSteps } from './platform/clock/clock-steps.ts'
import type { Clock } from './platform/clock/clock.ts'
import { InDoubtTransactions } from './log/log-follower.ts'
import { registerJsonBodies } from './platform/http/json-body.ts'
import { requireRouteAccess } from './access/route-access.ts'
import type { RouteRule } from './access/route-access.ts'
import { registerSecurityHeaders } from './platform/http/security-headers.ts'
import { requireServedHost } from './platform/http/served-host.ts'
import { clientBuild } from './live/client-build.ts'
import { clientFolder, newHttpApp, registerClient } from './platform/http/http-app.ts'
import type { TypedApp } from './platform/http/typed-app.ts'
import { requireSameOrigin } from './platform/http/same-origin.ts'
import { Identity } from './identity/identity.ts'
import type { IdentitySettings } from './identity/identity-settings.ts'
import type { Usage } from './platform/collection-gauges.ts'
import type { PipelineObserver } from './sites/pipeline-options.ts'
import { DryRunLimiter } from './query/dry-run-limiter.ts'
import { dryRunRoutes } from './query/dry-run-routes.ts'
import { OlderOrders } from './query/older-orders.ts'
import { QueryLimiter } from './query/query-limiter.ts'
import { ScanPool } from './engine/scans/scan-pool.ts'
import { createScreenContext } from './screens/screen-context.ts'
import type { ScreenContext } from './screens/screen-context.ts'
import { analysisRoutes } from './analysis/analysis-routes.ts'
import { compareRoutes } from './analysis/compare-routes.ts'
import { pathsRoutes } from './analysis/paths-routes.ts'
import { announceTransitions } from './connections/announce-transitions.ts'
import { webhookQueue } from './connections/deliver-webhook.ts'
import { Webhooks } from './connections/manage-webhooks.ts'
import { webhookRoutes } from './connections/webhook-routes.ts'
import { JobWorker } from './platform/jobs.ts'
import { TransitionWatch } from './transitions/transition-watch.ts'
import { defaultSite, plainSite, SiteRegistry } from './sites/site-registry.ts'
import { changesRoutes } from './access/changes-routes.ts'
import { keyRoutes } from './access/key-routes.ts'
import { authRoutes } from './identity/auth-routes.ts'
import { entryRoutes } from './identity/entry-routes.ts'
import { invitationRoutes } from './identity/invitation-routes.ts'
import { meRoutes } from './identity/me-routes.ts'
import { peopleRoutes } from './identity/people-routes.ts'
import { eventRoutes } from './ingest/event-routes.ts'
import { importRoutes } from './ingest/import-routes.ts'
import { mappingRoutes } from './ingest/mapping-routes.ts'
import { ImportJobs } from './ingest/imports/import-jobs.ts'
import { UploadFiles } from './ingest/imports/upload-files.ts'
import { Uploads } from './ingest/imports/uploads.ts'
import { uploadRoutes } from './ingest/upload-routes.ts'
import { quarantineRoutes } from './ingest/quarantine-routes.ts'
import { sourceRoutes } from './ingest/source-routes.ts'
import { boardRoutes } from './live/board-routes.ts'
import { docsRoutes } from './ops/docs-routes.ts'
import { healthRoutes } from './ops/health-routes.ts'
import { maintenanceRoutes } from './ops/maintenance-routes.ts'
import { orderActionRoutes } from './order-actions/order-action-routes.ts'
import { orderRoutes } from './query/order-routes.ts'
import { statisticsRoutes } from './query/statistics-routes.ts'
import { calendarRoutes } from './rules/calendar-routes.ts'
import { configRoutes } from './rules/config-routes.ts'
import { privacyRoutes } from './rules/privacy-routes.ts'
import { translationRoutes } from './rules/translation-routes.ts'
import { draftRoutes } from './rules/draft-routes.ts'
import { processRoutes } from './rules/process-routes.ts'
import { basicWallRoutes } from './screens/basic-wall-routes.ts'
import { savedViewRoutes } from './saved-views/saved-view-routes.ts'
import { pairingRoutes } from './screens/pairing-routes.ts'
import { screenRoutes } from './screens/screen-routes.ts'
import { siteRoutes } from './sites/site-routes.ts'
import { SampleEngines } from './templates/sample-engines.ts'
import { templateRoutes } from './templates/template-routes.ts'

export interface AppOptions {
  readonly database: Database
  readonly clock: Clock
  readonly logger: Logger
  /** Names this server instance in the log. */
  readonly origin?: string
  /** What commands on this machine prove themselves with. */
  readonly localAdminToken?: string
  /** How people sign in; by default with passwords alone. */
  readonly identity?: IdentitySettings
  /** Boards may be read without a key. */
  readonly readsOpen?: boolean
  /** See `TrustedProxies`. */
  readonly trustedProxies?: readonly string[]
  /** Where people reach the server. */
  readonly publicUrl?: string | undefined
  /** The names that it answers to; by default those of the loopback. */
  readonly hosts?: ServedHosts
  /** See `Board`. */
  readonly dataAsOf?: () => number | undefined
  readonly observer?: PipelineObserver
  /** Webhooks may lead into private networks. */
  readonly allowsPrivateWebhooks?: boolean
  /** See `PipelineOptions`. */
  readonly maxVisits?: number
  /** Where files are kept that people send, and how large one may be; by default one that nobody can send to. */
  readonly uploads?: { readonly directory: string; readonly maxBytes: number }
  /** See `PipelineOptions`. */
  readonly showsOrders?: boolean
}

export interface App {
  readonly http: TypedApp
  readonly attempts: Attempts
  readonly tasks: BackgroundTasks
  readonly transitions: TransitionWatch
  /** Sends what webhooks are to be told. */
  readonly deliveries: JobWorker
  /** Files that people send to be imported. */
  readonly uploads: Uploads
  readonly sites: SiteRegistry
  /** Who is shown which board. */
  readonly rooms: BoardRooms
  /** What pages of the desk are being told about. */
  readonly queries: LiveQueries
  readonly access: AccessRules
  readonly identity: Identity
  readonly hosts: ServedHosts
  readonly screens: ScreenContext
  readonly clock: Clock
  readonly clockSteps: ClockSteps
  readonly origin: string
  /** See `clientBuild`. */
  readonly build: string
  readonly inDoubtTransactions: InDoubtTransactions
  /** Rights have changed: every caller is looked up again. */
  expireCallers(): void
  /** How full everything is that is kept for callers, by name. */
  usage(): Readonly<Record<string, Usage>>
  /** All of the API, with whom each is for. */
  readonly routes: ReadonlyMap<string, RouteRule>
  /** From now on `/readyz` says so. */
  markReady(): void
}

/** The server without a port: routes over the pipelines of all sites. Closing `http` closes the pipelines. */
export async function createApp(options: AppOptions): Promise<App> {
  const { database, clock, logger, observer } = options
  const origin = options.origin ?? randomBytes(8).toString('hex')
  let ready = false
  const inDoubtTransactions = new InDoubtTransactions()
  const rooms = new BoardRooms()
  // The first sites are opened before there is somebody to tell; what they hold is looked at as a whole.
  const watching: { transitions?: TransitionWatch; queries?: LiveQueries } = {}
  const sites = await SiteRegistry.open({
    database,
    clock,
    origin,
    // Nobody follows the log of an embedded database.
    ...(database.kind === 'postgresql' && { inDoubtTransactions }),
    deltas: rooms,
    statusChanged: (site, edges) => watching.transitions?.noteEdges(site, edges),
    changed: (site) => watching.queries?.invalidate(site),
    observer,
    dataAsOf: options.dataAsOf,
    failed: (error) => logger.error({ err: error }, 'background work failed'),
    maxVisits: options.maxVisits,
    showsOrders: options.showsOrders,
  })
  const transitions = new TransitionWatch({
    database,
    clock,
    sites,
    react: (tx, site, changed) => announceTransitions(tx, site, changed, clock.now()),
  })
  watching.transitions = transitions
  const allowsPrivate = options.allowsPrivateWebhooks ?? false
  const webhooks = new Webhooks(database, clock, allowsPrivate)
  const deliveries = new JobWorker(database, clock, webhookQueue({ database, clock, allowsPrivate }))
  const clockSteps = new ClockSteps(clock, ({ byMs }) =>
    logger.warn(
      { byMs },
      'the clock of this machine was set, or the machine has slept: everything follows the new time',
    ),
  )
  const keys = new ApiKeys(database, clock)
  const settings = options.identity ?? {}
  const attempts = new Attempts(database, clock)
  const tasks = new BackgroundTasks({ database, clock, origin, logger })
  const identity = new Identity({ database, clock, attempts, logger, settings, defaultSite: () => defaultSite(sites) })
  const screens = createScreenContext(database, clock)
  const build = clientBuild(join(clientFolder, 'wall.html'))
  const access: AccessRules = {
    keys,
    failures: new FailedAttempts(clock),
    proxies: new TrustedProxies(options.trustedProxies),
    localAdminToken: options.localAdminToken ?? randomBytes(32).toString('base64url'),
    readsOpen: options.readsOpen ?? false,
    defaultSite: () => defaultSite(sites),
    async createSite(operator) {
      if (!sites.has(operator.site)) await sites.create(plainSite(operator.site), actorOf(operator))
    },
    findPerson: (cookies, site) => identity.findPerson(cookies, site),
    findScreen: (token) => screens.tokens.find(token),
  }
  const http = newHttpApp(logger)
  const hosts = options.hosts ?? new ServedHosts()
  await registerSecurityHeaders(http, { hosts, publicUrl: options.publicUrl })
  await http.register(compress, { threshold: 2_048, globalDecompression: false })
  await http.register(swagger, {
    openapi: {
      info: { title: 'Stagewatch', version: '1', description: 'Order events in, stage durations out.' },
      components: { securitySchemes: { key: { type: 'http', scheme: 'bearer' } } },
      security: [{ key: [] }],
    },
    transform: jsonSchemaTransform,
  })
  requireServedHost(http, hosts)
  requireSameOrigin(http, settings.publicUrl)
  const routes = requireRouteAccess(http, access)
  registerJsonBodies(http)
  const scans = new ScanPool()
  const questions = new QueryLimiter()
  const dryRuns = new DryRunLimiter()
  const failed = (error: unknown) => logger.error({ err: error }, 'background work failed')
  const jobs = new ImportJobs({ clock, failed })
  const { directory = join(tmpdir(), `stagewatch-${origin}`), maxBytes = 0 } = options.uploads ?? {}
  const files = new UploadFiles(directory)
  const uploads = new Uploads({ database, clock, origin, sites, files, jobs }, maxBytes)
  const { publicUrl } = options
  const context = {
    database,
    attempts,
    tasks,
    webhooks,
    sites,
    access,
    keys,
    identity,
    clock,
    clockSteps,
    scans,
    questions,
    uploads,
    dryRuns,
    samples: new SampleEngines(),
    olderOrders: new OlderOrders(database, questions),
    screens,
    publicUrl,
    build,
    isReady: () => ready,
    numbersAt: () => options.dataAsOf?.() ?? clock.now(),
  }
  const queries = new LiveQueries({
    ...context,
    rooms,
    dataAsOf: () => options.dataAsOf?.(),
    failed: (error) => logger.error({ err: error }, 'a question that somebody watches could not be answered'),
  })
  watching.queries = queries
  await http.register(healthRoutes, context)
  await http.register(eventRoutes, context)
  await http.register(quarantineRoutes, context)
  await http.register(importRoutes, context)
  await http.register(uploadRoutes, context)
  await http.register(mappingRoutes, context)
  await http.register(sourceRoutes, context)
  await http.register(processRoutes, context)
  await http.register(draftRoutes, context)
  await http.register(calendarRoutes, context)
  await http.register(configRoutes, context)
  await http.register(templateRoutes, context)
  await http.register(privacyRoutes, context)
  await http.register(translationRoutes, context)
  await http.register(statisticsRoutes, context)
  await http.register(analysisRoutes, context)
  await http.register(dryRunRoutes, context)
  await http.register(pathsRoutes, context)
  await http.register(compareRoutes, context)
  await http.register(orderRoutes, context)
  await http.register(orderActionRoutes, context)
  await http.register(savedViewRoutes, context)
  await http.register(boardRoutes, context)
  await http.register(siteRoutes, context)
  await http.register(keyRoutes, context)
  await http.register(changesRoutes, context)
  await http.register(authRoutes, context)
  await http.register(entryRoutes, context)
  await http.register(meRoutes, context)
  await http.register(peopleRoutes, context)
  await http.register(invitationRoutes, context)
  await http.register(pairingRoutes, context)
  await http.register(screenRoutes, context)
  await http.register(basicWallRoutes, context)
  await http.register(webhookRoutes, context)
  await http.register(maintenanceRoutes, context)
  await http.register(docsRoutes)
  await registerClient(http)
  http.addHook('onClose', async () => {
    clockSteps.close()
    await jobs.close()
    await scans.close()
    await sites.close()
  })
  return {
    http,
    sites,
    rooms,
    queries,
    access,
    attempts,
    tasks,
    transitions,
    deliveries,
    uploads,
    identity,
    hosts,
    screens,
    clock,
    clockSteps,
    origin,
    build,
    inDoubtTransactions,
    expireCallers() {
      keys.expire()
      identity.sessions.forget()
      screens.tokens.expire()
    },
    usage: () => ({
      questions: questions.usage,
      dry_runs: dryRuns.usage,
      scan_stores: scans.usage,
      import_jobs: jobs.usage,
      api_keys: keys.usage,
      sessions: identity.sessions.usage,
      screen_tokens: screens.tokens.usage,
    }),
    routes,
    markReady: () => (ready = true),
  }
}
