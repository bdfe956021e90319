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
 * Who may use a route: callers with the action; `operator`: commands on the server's machine; `screen`: paired screens;
 * `person`: anyone signed in, at any site; `member`: a person, key or command that belongs to the site; `identified`:
 * any known caller, including a visitor where reading is open; `everyone`: the caller is not identified.
 */
export type RouteAccess = Action | OneKind | 'member' | 'identified' | 'everyone'

type OneKind = 'operator' | 'screen' | 'person'

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: RouteAccess
    /** A person must have confirmed their identity within the last ten minutes. */
    recentProof?: true
  }
}

const creating: ReadonlySet<string> = new Set(['POST', 'PUT'])
const callers = new WeakMap<FastifyRequest, Caller>()
const addresses = new WeakMap<FastifyRequest, string>()

/** A route of the API, and the access rule of its requests. */
export interface RouteRule {
  readonly method: string
  readonly url: string
  access: RouteAccess
}

/**
 * Checks every request against the access rule of its route. A route of the API cannot be added without a rule, nor
 * without the schema of its successful response, because callers see nothing that it does not name.
 * @returns the routes of the API, filled as they are added.
 */
export function requireRouteAccess(app: TypedApp, rules: AccessRules): ReadonlyMap<string, RouteRule> {
  const routes = new Map<string, RouteRule>()
  app.addHook('onRoute', ({ method: methods, url, config, schema }) => {
    if (!url.startsWith('/api/')) return
    const access = config?.access
    if (access === undefined) throw new Error(`${url} declares no access`)
    const statuses = Object.keys(schema?.response ?? {})
    if (url.startsWith('/api/v1/') && !statuses.some((status) => status.startsWith('2')))
      throw new Error(`${url} declares no successful response`)
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
  // Runs after the validation of the body. A command on this machine may create a site by writing to it.
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
  operator: 'only the command line on this machine may do that',
  screen: 'only a screen may call this',
  person: 'only a signed-in user may do that',
}

/**
 * @throws AppError `reauthentication_required`, so that nobody can create keys in a browser that was left unattended.
 */
function requireRecentProof({ kind, provenRecently }: Caller): void {
  if (kind !== 'person' || provenRecently === true) return
  throw new AppError('reauthentication_required', 'confirm your identity with your password or a code, and try again')
}

/** A caller who merely has to sign in is not a security event. */
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
  throw new AppError('forbidden', 'only members of the site may call this')
}

/** The caller of a request whose route is not for everyone. */
export function callerOf(request: FastifyRequest): Caller {
  const caller = callers.get(request)
  if (caller === undefined) throw new Error(`${request.url} needs a caller, but is public`)
  return caller
}

/** The same for any route; undefined if it is for everyone. */
export function callerIfAny(request: FastifyRequest): Caller | undefined {
  return callers.get(request)
}

/** Address of the caller, as far as its proxies are trusted. */
export function addressOf(request: FastifyRequest): string {
  const address = addresses.get(request)
  if (address === undefined) throw new Error(`${request.url} was handled before its address was known`)
  return address
}

/** The credentials in a request. */
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

/** People pass a query parameter, commands a header. */
function askedSite({ query, headers }: FastifyRequest): string | undefined {
  const header = headers['x-stagewatch-site']
  if (typeof header === 'string') return header
  return typeof query === 'object' && query !== null && 'site' in query && typeof query.site === 'string'
    ? query.site
    : undefined
}
