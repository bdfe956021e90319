import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import compress from '@fastify/compress'
import swagger from '@fastify/swagger'
import { jsonSchemaTransform } from 'fastify-type-provider-zod'
import { actorOf } from './access/actor.ts'
import type { AccessRules } from './access/caller.ts'
import { requireRouteAccess } from './access/route-access.ts'
import type { RouteRule } from './access/route-access.ts'
import { shedRequests } from './access/shed-requests.ts'
import { PageFiles } from './platform/http/page-files.ts'
import { clientBuild } from './live/client-build.ts'
import { TrustedProxies } from './platform/http/client-address.ts'
import { assetsFolder, clientFolder, newHttpApp, registerClient } from './platform/http/http-app.ts'
import { registerManual } from './platform/http/manual.ts'
import { registerJsonBodies } from './platform/http/json-body.ts'
import { requireSameOrigin } from './platform/http/same-origin.ts'
import { registerSecurityHeaders } from './platform/http/security-headers.ts'
import { requireServedHost } from './platform/http/served-host.ts'
import { ServedHosts } from './platform/http/served-hosts.ts'
import type { TypedApp } from './platform/http/typed-app.ts'
import { FailedAttempts } from './platform/rate-limits/failed-attempts.ts'
import { registerRoutes } from './routes.ts'
import { openServices } from './services.ts'
import type { ServiceOptions, Services } from './services.ts'
import { defaultSite, plainSite } from './sites/site-registry.ts'

export interface AppOptions extends ServiceOptions {
  /** The token with which commands on this machine authenticate. */
  readonly localAdminToken?: string
  /** Boards may be read without a key. */
  readonly readsOpen?: boolean
  /** See `commandSettings`. */
  readonly commandSettings?: string
  /** See `TrustedProxies`. */
  readonly trustedProxies?: readonly string[]
  /** URL under which people reach the server. */
  readonly publicUrl?: string | undefined
  /** The host names that it answers to; by default those of the loopback. */
  readonly hosts?: ServedHosts
}

export interface App extends Services {
  readonly http: TypedApp
  readonly access: AccessRules
  readonly hosts: ServedHosts
  /** See `clientBuild`. */
  readonly build: string
  readonly pageFiles: PageFiles
  /** All API routes with their access rules. */
  readonly routes: ReadonlyMap<string, RouteRule>
  /** Makes `/readyz` report success. */
  markReady(): void
}

/** The server without a port: routes over the pipelines of all sites. Closing `http` closes the pipelines. */
export async function createApp(options: AppOptions): Promise<App> {
  const { hosts = new ServedHosts(), publicUrl } = options
  let ready = false
  const { close, ...services } = await openServices(options)
  const access = accessRules(options, services)
  const build = clientBuild(join(clientFolder, 'wall.html'))
  const http = newHttpApp(options.logger, options.tracer)
  await registerSecurityHeaders(http, { hosts, publicUrl })
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
  requireSameOrigin(http, options.identity?.publicUrl)
  shedRequests(http, services.load, services.answers)
  const routes = requireRouteAccess(http, access)
  registerJsonBodies(http)
  await registerRoutes(http, {
    ...services,
    access,
    publicUrl,
    build,
    isReady: () => ready,
    commandSettings: options.commandSettings ?? '',
  })
  const pageFiles = new PageFiles(options.database, assetsFolder)
  await registerClient(http, pageFiles)
  await registerManual(http)
  http.addHook('onClose', close)
  return { ...services, http, access, hosts, build, routes, pageFiles, markReady: () => (ready = true) }
}

function accessRules(options: AppOptions, { clock, identity, keys, screens, sites }: Services): AccessRules {
  return {
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
}
