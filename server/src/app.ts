import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import compress from '@fastify/compress'
import helmet from '@fastify/helmet'
import staticFiles from '@fastify/static'
import swagger from '@fastify/swagger'
import type { Database } from '@stagewatch/db/database.ts'
import type { BoardDelta } from '@stagewatch/shared/contract/socket.ts'
import { eventLimits } from '@stagewatch/shared/contract/event.ts'
import Fastify, { LogController } from 'fastify'
import type { FastifyBaseLogger } from 'fastify'
import { jsonSchemaTransform, validatorCompiler } from 'fastify-type-provider-zod'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import type { Logger } from 'pino'
import { ApiKeys } from './access/api-keys.ts'
import type { AccessRules } from './access/caller.ts'
import { FailedAttempts } from './access/failed-attempts.ts'
import type { Clock } from './clock/clock.ts'
import { DoubtfulCommits } from './follow/doubtful-commits.ts'
import { registerAdminRoutes } from './http/admin-routes.ts'
import { answerClientError } from './http/client-error.ts'
import { registerCalendarRoutes } from './http/calendar-routes.ts'
import { registerDocsRoutes } from './http/docs-routes.ts'
import { registerEventRoutes } from './http/event-routes.ts'
import { registerHealthRoutes } from './http/health-routes.ts'
import { registerJsonBodies } from './http/json-body.ts'
import { registerNumberRoutes } from './http/number-routes.ts'
import { requireOneHost } from './http/one-host.ts'
import { registerOrderRoutes } from './http/order-routes.ts'
import { registerPairingRoutes } from './http/pairing-routes.ts'
import { requireRouteAccess } from './http/route-access.ts'
import { registerScreenRoutes } from './http/screen-routes.ts'
import { clientBuild } from './live/client-build.ts'
import { answerNotFound, answerProblem } from './http/problem-answer.ts'
import type { TypedApp } from './http/route-context.ts'
import type { PipelineObserver } from './metrics/pipeline-observer.ts'
import { ScanPool } from './scan/scan-pool.ts'
import { createScreenContext } from './screens/screen-context.ts'
import type { ScreenContext } from './screens/screen-context.ts'
import { defaultSite } from './sites/default-site.ts'
import { SiteRegistry } from './sites/site-registry.ts'

/** Where the built pages are. */
const clientFolder = fileURLToPath(new URL('../../client/dist', import.meta.url))

export interface AppOptions {
  readonly database: Database
  readonly clock: Clock
  readonly logger: Logger
  /** Names this process in the log. */
  readonly origin?: string
  /** What commands on this machine prove themselves with. */
  readonly operatorToken?: string
  /** Boards may be read without a key. */
  readonly readsOpen?: boolean
  /** Where people reach the server. */
  readonly publicUrl?: string | undefined
  /** A board of the site has changed. */
  readonly send?: (site: string, delta: BoardDelta) => void
  readonly observer?: PipelineObserver
  /** See `PipelineOptions`. */
  readonly mostVisits?: number
}

export interface App {
  readonly http: TypedApp
  readonly sites: SiteRegistry
  readonly access: AccessRules
  readonly screens: ScreenContext
  readonly clock: Clock
  readonly origin: string
  /** See `clientBuild`. */
  readonly build: string
  readonly doubtfulCommits: DoubtfulCommits
  /** From now on `/readyz` says so. */
  markReady(): void
}

/** The server without a port: routes over the pipelines of all sites. Closing `http` closes the pipelines. */
export async function createApp(options: AppOptions): Promise<App> {
  const { database, clock, logger, observer } = options
  const origin = options.origin ?? randomBytes(8).toString('hex')
  let ready = false
  const doubtfulCommits = new DoubtfulCommits()
  const sites = await SiteRegistry.open({
    database,
    clock,
    origin,
    // Nobody follows the log of an embedded database.
    ...(database.kind === 'postgresql' && { doubtfulCommits }),
    send: options.send ?? (() => undefined),
    observer,
    mostVisits: options.mostVisits,
  })
  const keys = new ApiKeys(database, clock)
  const screens = createScreenContext(database, clock)
  const build = clientBuild(join(clientFolder, 'wall.html'))
  const access: AccessRules = {
    keys,
    failures: new FailedAttempts(clock),
    operatorToken: options.operatorToken ?? randomBytes(32).toString('base64url'),
    readsOpen: options.readsOpen ?? false,
    defaultSite: () => defaultSite(sites),
    findScreen: (token) => screens.tokens.find(token),
    knowsScreen: (token) => screens.tokens.hasBeenUsed(token),
  }
  const http = newFastify(logger)
  await http.register(helmet, { contentSecurityPolicy: { directives: contentPolicy }, strictTransportSecurity: false })
  await http.register(compress, { threshold: 2_048, globalDecompression: false })
  await http.register(swagger, {
    openapi: {
      info: { title: 'Stagewatch', version: '1', description: 'Order events in, stage durations out.' },
      components: { securitySchemes: { key: { type: 'http', scheme: 'bearer' } } },
      security: [{ key: [] }],
    },
    transform: jsonSchemaTransform,
  })
  requireOneHost(http)
  requireRouteAccess(http, access)
  registerJsonBodies(http)
  const scans = new ScanPool()
  const publicUrl = options.publicUrl?.replace(/\/+$/, '')
  const context = { database, sites, access, keys, clock, scans, screens, publicUrl, build, isReady: () => ready }
  registerHealthRoutes(http, context)
  registerEventRoutes(http, context)
  registerNumberRoutes(http, context)
  registerOrderRoutes(http, context)
  registerAdminRoutes(http, context)
  registerCalendarRoutes(http, context)
  registerPairingRoutes(http, context)
  registerScreenRoutes(http, context)
  await registerDocsRoutes(http)
  await registerClient(http)
  http.addHook('onClose', async () => {
    await scans.close()
    await sites.close()
  })
  return { http, sites, access, screens, clock, origin, build, doubtfulCommits, markReady: () => (ready = true) }
}

function newFastify(logger: FastifyBaseLogger): TypedApp {
  const http = Fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomBytes(8).toString('hex'),
    bodyLimit: eventLimits.bytesPerRequest,
    requestTimeout: 60_000,
    connectionTimeout: 60_000,
    keepAliveTimeout: 5_000,
    forceCloseConnections: 'idle',
    http: { headersTimeout: 5_000, connectionsCheckingInterval: 1_000 },
    // The name of an order has up to 200 characters, each of which an address may spell with twelve.
    routerOptions: { maxParamLength: 2_400 },
    frameworkErrors: (error, request, reply) => void answerProblem(error, request, reply),
    clientErrorHandler: answerClientError,
  }).withTypeProvider<ZodTypeProvider>()
  http.setValidatorCompiler(validatorCompiler)
  // What goes out was typed by the schema when it was compiled; checking it again would cost more than making it.
  http.setSerializerCompiler(() => (data) => JSON.stringify(data))
  http.setErrorHandler(answerProblem)
  http.setNotFoundHandler(answerNotFound)
  return http
}

/** Everything is served from here: a wall in a plant has no internet. */
const contentPolicy = {
  defaultSrc: ["'self'"],
  connectSrc: ["'self'", 'ws:', 'wss:'],
  imgSrc: ["'self'", 'data:'],
  styleSrc: ["'self'", "'unsafe-inline'"],
  scriptSrc: ["'self'"],
  fontSrc: ["'self'", 'data:'],
  objectSrc: ["'none'"],
  frameAncestors: ["'self'"],
  upgradeInsecureRequests: null,
}

/** The built pages; commands and tests run without them. */
async function registerClient(http: TypedApp): Promise<void> {
  if (!existsSync(clientFolder)) return
  await http.register(staticFiles, {
    root: clientFolder,
    cacheControl: false,
    setHeaders: (reply, path) => {
      const named = path.includes('/assets/')
      void reply.header('cache-control', named ? 'public, max-age=31536000, immutable' : 'no-cache')
    },
  })
  http.get('/wall', { schema: { hide: true } }, (_request, reply) => reply.sendFile('wall.html'))
}
