import type { IncomingMessage } from 'node:http'
import helmet from '@fastify/helmet'
import { hostnameOf } from './served-hosts.ts'
import type { ServedHosts } from './served-hosts.ts'
import type { TypedApp } from './typed-app.ts'

const yearS = 31_536_000
/** Answers that are true for one caller and one moment; pages and their assets say themselves how long they keep. */
const uncached = /^\/(?:api\/|healthz|readyz|metrics)/

export interface SecurityHeadersOptions {
  readonly hosts: ServedHosts
  readonly publicUrl: string | undefined
}

/** Headers that browsers are held to: everything comes from here, since a wall in a plant has no internet. */
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
    // Other hosts below the same domain are not ours to decide about.
    strictTransportSecurity:
      publicUrl?.startsWith('https:') === true ? { maxAge: yearS, includeSubDomains: false } : false,
  })
  app.addHook('onRequest', async ({ url }, reply) => {
    if (uncached.test(url)) void reply.header('cache-control', 'no-store')
  })
}

/**
 * Where pages open their socket. Older browsers do not take `'self'` for it. Which of the two schemes a page has been
 * loaded with is known to the proxy in front only.
 */
function socketAddresses({ headers: { host } }: IncomingMessage, { hosts, publicUrl }: SecurityHeadersOptions): string {
  const authorities = new Set<string>()
  if (publicUrl !== undefined) authorities.add(new URL(publicUrl).host)
  if (hostnameOf(host) !== undefined && hosts.allows(host)) authorities.add(host ?? '')
  return [...authorities].flatMap((authority) => [`ws://${authority}`, `wss://${authority}`]).join(' ')
}
