import type { FastifyRequest } from 'fastify'
import type { Registry } from 'prom-client'
import { bearer } from '../platform/http/same-origin.ts'
import { mayReadOpenly, sameSecret } from '../access/caller.ts'
import type { AccessRules } from '../access/caller.ts'
import { AppError } from '../platform/app-error.ts'
import { credentialsOf } from '../access/route-access.ts'
import type { TypedApp } from '../platform/http/typed-app.ts'

export interface MetricsRouteOptions {
  readonly registry: Registry
  readonly access: Pick<AccessRules, 'readsOpen'>
  /** Undefined: without open reads nobody may ask. */
  readonly token: string | undefined
}

export function metricsRoutes(app: TypedApp, options: MetricsRouteOptions): void {
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
      ? mayReadOpenly(credentialsOf(request), access)
      : token !== undefined && sameSecret(shown, token)
  if (!allowed) throw new AppError('unauthorized', 'a token is needed: Authorization: Bearer <METRICS_TOKEN>')
}
