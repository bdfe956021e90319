import type { FastifyRequest } from 'fastify'
import type { Registry } from 'prom-client'
import { isLoopback, sameSecret } from '../access/caller.ts'
import type { AccessRules } from '../access/caller.ts'
import { AppError } from '../app-error.ts'
import { bearer } from './bearer.ts'
import type { TypedApp } from './route-context.ts'

export interface MetricsRouteOptions {
  readonly registry: Registry
  readonly access: Pick<AccessRules, 'readsOpen'>
  /** Undefined: without open reads nobody may ask. */
  readonly token: string | undefined
}

export function registerMetricsRoutes(app: TypedApp, options: MetricsRouteOptions): void {
  const { registry } = options
  app.get('/metrics', {
    schema: { hide: true },
    handler: async (request, reply) => {
      requireMetricsAccess(request, options)
      return reply.type(registry.contentType).send(await registry.metrics())
    },
  })
}

/** Keys speak for one site, and the metrics are those of all: they have a token of their own. */
function requireMetricsAccess(request: FastifyRequest, { access, token }: MetricsRouteOptions): void {
  const shown = bearer(request.headers.authorization)
  const allowed =
    shown === undefined
      ? access.readsOpen && isLoopback(request.hostname)
      : token !== undefined && sameSecret(shown, token)
  if (!allowed) throw new AppError('unauthorized', 'a token is needed: Authorization: Bearer <METRICS_TOKEN>')
}
