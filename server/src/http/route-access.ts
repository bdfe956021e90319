import type { Action } from '@stagewatch/shared/domain/access/action.ts'
import type { FastifyRequest } from 'fastify'
import { identifyCaller, requireAction } from '../access/caller.ts'
import type { AccessRules, Caller } from '../access/caller.ts'
import { AppError } from '../app-error.ts'
import { bearer } from './bearer.ts'
import type { TypedApp } from './route-context.ts'

/**
 * Whom a route is for: those who may do the action; `operator`: commands on the server's machine; `screen`:
 * paired screens; `identified`: whoever the server knows, a visitor included, where reading is open; `everyone`: it asks nobody who they are.
 */
export type RouteAccess = Action | OneKind | 'identified' | 'everyone'

type OneKind = 'operator' | 'screen'

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: RouteAccess
  }
}

const callers = new WeakMap<FastifyRequest, Caller>()

/** A route of the API, and what its requests are judged by. */
export interface JudgedRoute {
  readonly method: string
  readonly url: string
  access: RouteAccess
}

/**
 * Judges every request by what its route says of access. A route of the API that says nothing cannot be added.
 * @returns the routes of the API, as they are added.
 */
export function requireRouteAccess(app: TypedApp, rules: AccessRules): ReadonlyMap<string, JudgedRoute> {
  const routes = new Map<string, JudgedRoute>()
  app.addHook('onRoute', ({ method: methods, url, config }) => {
    if (!url.startsWith('/api/')) return
    const access = config?.access
    if (access === undefined) throw new Error(`${url} does not say whom it is for`)
    for (const method of [methods].flat()) routes.set(`${method} ${url}`, { method, url, access })
  })
  app.addHook('onRequest', async (request) => {
    const { method, routeOptions } = request
    const access = routes.get(`${method} ${routeOptions.url}`)?.access ?? 'everyone'
    if (access === 'everyone') return
    const caller = await identifyCaller(credentialsOf(request), rules)
    requireAccess(caller, access)
    callers.set(request, caller)
  })
  return routes
}

function requireAccess(caller: Caller, access: Exclude<RouteAccess, 'everyone'>): void {
  if (access === 'identified') return
  if (access !== 'operator' && access !== 'screen') requireAction(caller, access)
  else if (caller.kind !== access)
    throw new AppError(
      'forbidden',
      access === 'screen' ? 'only a screen may ask' : 'only commands on this machine may do that',
    )
}

/** Who sent the request; its route is not for everyone. */
export function callerOf(request: FastifyRequest): Caller {
  const caller = callers.get(request)
  if (caller === undefined) throw new Error(`${request.url} asks for a caller and is for everyone`)
  return caller
}

function credentialsOf(request: FastifyRequest): Parameters<typeof identifyCaller>[0] {
  const { headers, hostname, ip } = request
  return {
    token: bearer(headers.authorization),
    cookie: headers.cookie,
    site: askedSite(request),
    hostname,
    address: ip,
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
