import type { FastifyInstance, FastifyRequest } from 'fastify'
import { AppError } from '../app-error.ts'
import type { IncomingHttpHeaders } from 'node:http'

const reading: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS'])
const signedIn = /(?:^|;\s*)(?:__Host-)?stagewatch\./

/**
 * A page of another origin can make a browser send a request with its cookies, and with the password for a proxy in
 * front as an `Authorization` header. So every request that changes something must come from a page of this server, or
 * from a program that sends a key and none of our cookies. Cookies of a load balancer are ignored.
 */
export function requireSameOrigin(app: FastifyInstance, publicUrl: string | undefined): void {
  app.addHook('onRequest', async ({ method, headers }) => {
    if (reading.has(method)) return
    const { origin, cookie, authorization } = headers
    const showsKey = (bearer(authorization) ?? '') !== ''
    if (showsKey && (cookie === undefined || !signedIn.test(cookie))) return
    if (origin === undefined && cookie === undefined) return
    if (origin !== undefined && originAllowed(headers, publicUrl)) return
    throw new AppError('forbidden', 'this request must come from a page of this server', { field: 'origin' })
  })
}

/**
 * The token in an `Authorization` header, for HTTP and sockets: the scheme in any case, one or more spaces, and a token
 * without spaces. Empty, which matches no token, if the header has any other form; undefined if there is no header.
 */
export function bearer(authorization: string | undefined): string | undefined {
  return authorization === undefined ? undefined : (/^Bearer +(\S+)$/i.exec(authorization)?.[1] ?? '')
}

/**
 * Whether a browser page may open a socket: only pages that this server has served. Programs that are not browsers send
 * no origin and are authorized by their key.
 */
export function originAllowed(headers: IncomingHttpHeaders, publicUrl: string | undefined): boolean {
  const { origin, host } = headers
  if (origin === undefined) return true
  if (!URL.canParse(origin)) return false
  const asked = new URL(origin)
  return asked.host === host || (publicUrl !== undefined && asked.origin === new URL(publicUrl).origin)
}

/**
 * The address at which the caller reaches this server, without a trailing slash: for links when no public URL is
 * configured. The host is one of ours, see `requireServedHost`. Behind a proxy that terminates TLS, only the page
 * itself knows that its address begins with https.
 */
export function requestOrigin({ headers: { origin }, protocol, host }: FastifyRequest): string {
  const told = origin !== undefined && URL.canParse(origin) ? new URL(origin) : undefined
  return told?.host === host ? told.origin : `${protocol}://${host}`
}
