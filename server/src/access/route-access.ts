import type { Action } from '@stagewatch/shared/domain/access/action.ts'
import type { FastifyRequest } from 'fastify'
import { identifyCaller, requireAction } from './caller.ts'
import { bearer } from '../platform/http/same-origin.ts'
import type { AccessRules, Caller, Credentials } from './caller.ts'
import { clientAddress } from '../platform/http/client-address.ts'
import { isForwarded } from '../platform/http/forwarded.ts'
import { hostnameOf } from '../platform/http/served-hosts.ts'
import { logSecurity } from '../platform/security-log.ts'
import { AppError } from '../platform/app-error.ts'
import type { TypedApp } from '../platform/http/typed-app.ts'

/**
 * Whom a route is for: those who may do the action; `operator`: commands on the server's machine; `screen`:
 * paired screens; `person`: whoever is signed in, at whatever site; `member`: whoever belongs to the site, as a person,
 * a key or a command; `identified`: whoever the server knows, a visitor included, where reading is open; `everyone`: it
 * asks nobody who they are.
 */
export type RouteAccess = Action | OneKind | 'member' | 'identified' | 'everyone'

type OneKind = 'operator' | 'screen' | 'person'

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: RouteAccess
    /** A person has to have proven within the last ten minutes who they are. */
    recentProof?: true
  }
}

const creating: ReadonlySet<string> = new Set(['POST', 'PUT'])
const callers = new WeakMap<FastifyRequest, Caller>()
const addresses = new WeakMap<FastifyRequest, string>()

/** A route of the API, and what its requests are judged by. */
export interface RouteRule {
  readonly method: string
  readonly url: string
  access: RouteAccess
}

/**
 * Judges every request by what its route says of access. A route of the API that says nothing cannot be added.
 * @returns the routes of the API, as they are added.
 */
export function requireRouteAccess(app: TypedApp, rules: AccessRules): ReadonlyMap<string, RouteRule> {
  const routes = new Map<string, RouteRule>()
  app.addHook('onRoute', ({ method: methods, url, config }) => {
    if (!url.startsWith('/api/')) return
    const access = config?.access
    if (access === undefined) throw new Error(`${url} does not say whom it is for`)
    for (const method of [methods].flat()) routes.set(`${method} ${url}`, { method, url, access })
  })
  app.addHook('onRequest', async (request) => {
    addresses.set(request, clientAddress(request.socket.remoteAddress ?? '', request.headers, rules.proxies))
    const { method, routeOptions } = request
    const access = routes.get(`${method} ${routeOptions.url}`)?.access ?? 'everyone'
    if (access === 'everyone') return
    let caller: Caller | undefined
    try {
      caller = await identifyCaller(credentialsOf(request), rules)
      requireAccess(caller, access)
      if (routeOptions.config.recentProof) requireRecentProof(caller)
    } catch (error) {
      if (error instanceof AppError) logRefusal(request, caller, error)
      throw error
    }
    callers.set(request, caller)
  })
  // After the body was found to be right. A command on this machine may begin a site by writing to it.
  app.addHook('preHandler', async (request) => {
    const caller = callers.get(request)
    if (caller?.kind === 'operator' && creating.has(request.method)) await rules.createSite?.(caller)
  })
  return routes
}

function requireAccess(caller: Caller, access: Exclude<RouteAccess, 'everyone'>): void {
  if (access === 'identified') return
  if (access === 'member') return requireMember(caller)
  if (access !== 'operator' && access !== 'screen' && access !== 'person') requireAction(caller, access)
  else if (caller.kind !== access) {
    throw new AppError(
      access === 'person' && caller.kind === 'visitor' ? 'unauthorized' : 'forbidden',
      onlyKind[access],
    )
  }
}

const onlyKind: Readonly<Record<OneKind, string>> = {
  operator: 'only commands on this machine may do that',
  screen: 'only a screen may ask',
  person: 'only somebody who is signed in may do that',
}

/** @throws AppError `reauthentication_required`: an open browser that somebody left does not make keys. */
function requireRecentProof({ kind, provenRecently }: Caller): void {
  if (kind !== 'person' || provenRecently === true) return
  throw new AppError('reauthentication_required', 'confirm with your password or a code that it is you, and try again')
}

/** Whoever merely has to sign in yet is no event. */
function logRefusal(request: FastifyRequest, caller: Caller | undefined, { code }: AppError): void {
  if (code === 'unauthorized' && request.headers.authorization === undefined) return
  logSecurity(request.log, 'access.refused', {
    who: caller?.kind === 'visitor' ? undefined : caller?.name,
    site: caller?.site,
    address: addressOf(request),
    requestId: request.id,
    reason: code,
    route: `${request.method} ${request.routeOptions.url}`,
  })
}

function requireMember({ kind, role }: Caller): void {
  if (kind === 'key' || kind === 'operator' || role !== undefined) return
  if (kind === 'visitor') throw new AppError('unauthorized', 'sign in, or send a key: Authorization: Bearer <key>')
  throw new AppError('forbidden', 'only who belongs to the site may ask')
}

/** Who sent the request; its route is not for everyone. */
export function callerOf(request: FastifyRequest): Caller {
  const caller = callers.get(request)
  if (caller === undefined) throw new Error(`${request.url} asks for a caller and is for everyone`)
  return caller
}

/** Where the request comes from, as far as its proxies are trusted. */
export function addressOf(request: FastifyRequest): string {
  const address = addresses.get(request)
  if (address === undefined) throw new Error(`${request.url} was answered before it was known where it comes from`)
  return address
}

/** What a request says of its caller. */
export function credentialsOf(request: FastifyRequest): Credentials {
  const { headers, raw } = request
  return {
    token: bearer(headers.authorization),
    cookie: headers.cookie,
    site: askedSite(request),
    hostname: hostnameOf(headers.host),
    isForwarded: isForwarded(raw),
    address: addressOf(request),
  }
}

/** A query parameter for people, a header for commands. */
function askedSite({ query, headers }: FastifyRequest): string | undefined {
  const header = headers['x-stagewatch-site']
  if (typeof header === 'string') return header
  return typeof query === 'object' && query !== null && 'site' in query && typeof query.site === 'string'
    ? query.site
    : undefined
}
