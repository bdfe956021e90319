import type { IncomingMessage } from 'node:http'
import helmet from '@fastify/helmet'
import { hostnameOf } from './served-hosts.ts'
import type { ServedHosts } from './served-hosts.ts'
import type { TypedApp } from './typed-app.ts'

const yearS = 31_536_000
/** Answers that depend on the caller and the moment; pages and assets set their own cache headers. */
const uncached = /^\/(?:api\/|healthz|readyz|metrics)/

export interface SecurityHeadersOptions {
  readonly hosts: ServedHosts
  readonly publicUrl: string | undefined
}

/** Browsers may load everything from this server only, since a wall screen in a plant has no internet. */
export async function registerSecurityHeaders(app: TypedApp, options: SecurityHeadersOptions): Promise<void> {
  const { publicUrl } = options
  await app.register(helmet, {
    contentSecurityPolicy: {
      directives: {
        defaultSrc: ["'self'"],
        connectSrc: ["'self'", (request) => socketAddresses(request, options)],
        imgSrc: ["'self'", 'data:'],
        styleSrc: ["'self'", "'unsafe-inline'"],
        scriptSrc: ["'self'"],
        fontSrc: ["'self'", 'data:'],
        objectSrc: ["'none'"],
        frameAncestors: ["'self'"],
        upgradeInsecureRequests: null,
      },
    },
    // No `includeSubDomains`: other hosts below the same domain are not ours to decide about.
    strictTransportSecurity:
      publicUrl?.startsWith('https:') === true ? { maxAge: yearS, includeSubDomains: false } : false,
  })
  app.addHook('onRequest', async ({ url }, reply) => {
    if (uncached.test(url)) void reply.header('cache-control', 'no-store')
  })
}

/**
 * The addresses at which pages open their socket, because older browsers do not accept `'self'` for it. Only the proxy
 * in front knows which of the two schemes a page was loaded with.
 */
function socketAddresses({ headers: { host } }: IncomingMessage, { hosts, publicUrl }: SecurityHeadersOptions): string {
  const authorities = new Set<string>()
  if (publicUrl !== undefined) authorities.add(new URL(publicUrl).host)
  if (hostnameOf(host) !== undefined && hosts.allows(host)) authorities.add(host ?? '')
  return [...authorities].flatMap((authority) => [`ws://${authority}`, `wss://${authority}`]).join(' ')
}
