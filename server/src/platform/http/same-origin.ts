import type { FastifyInstance, FastifyRequest } from 'fastify'
import { AppError } from '../app-error.ts'
import type { IncomingHttpHeaders } from 'node:http'

const reading: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS'])
const signedIn = /(?:^|;\s*)(?:__Host-)?stagewatch\./

/**
 * A page of another origin can make a browser send a request with its cookies, and with the password of a proxy in
 * front as an `Authorization` header of its own. So whatever changes something comes from a page of this server, or
 * from a program that shows a key and no cookie of ours: cookies of a load balancer decide nothing.
 */
export function requireSameOrigin(app: FastifyInstance, publicUrl: string | undefined): void {
  app.addHook('onRequest', async ({ method, headers }) => {
    if (reading.has(method)) return
    const { origin, cookie, authorization } = headers
    const showsKey = (bearer(authorization) ?? '') !== ''
    if (showsKey && (cookie === undefined || !signedIn.test(cookie))) return
    if (origin === undefined && cookie === undefined) return
    if (origin !== undefined && originAllowed(headers, publicUrl)) return
    throw new AppError('forbidden', 'this has to come from a page of this server', { field: 'origin' })
  })
}

/**
 * The token in an `Authorization` header, on HTTP and on sockets alike: the scheme in any case, one or more spaces,
 * and a token without spaces. Empty when something else is there, which no token matches; undefined: no header.
 */
export function bearer(authorization: string | undefined): string | undefined {
  return authorization === undefined ? undefined : (/^Bearer +(\S+)$/i.exec(authorization)?.[1] ?? '')
}

/**
 * Whether a browser page may open a socket: only one that this server has served. Programs that are no browsers send
 * no origin and are judged by their key.
 */
export function originAllowed(headers: IncomingHttpHeaders, publicUrl: string | undefined): boolean {
  const { origin, host } = headers
  if (origin === undefined) return true
  if (!URL.canParse(origin)) return false
  const asked = new URL(origin)
  return asked.host === host || (publicUrl !== undefined && asked.origin === new URL(publicUrl).origin)
}

/**
 * Where the caller reaches this server, without a slash at the end: for links when nobody has configured one. The host
 * is one of ours, see `requireServedHost`. Behind a proxy that ends TLS only the page itself knows that its address
 * begins with https.
 */
export function requestOrigin({ headers: { origin }, protocol, host }: FastifyRequest): string {
  const told = origin !== undefined && URL.canParse(origin) ? new URL(origin) : undefined
  return told?.host === host ? told.origin : `${protocol}://${host}`
}
