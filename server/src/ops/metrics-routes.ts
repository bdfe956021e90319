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
  /** If undefined, metrics are available only with open reads. */
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

/** A key belongs to one site, but metrics cover all of them: they have their own token. */
function requireMetricsAccess(request: FastifyRequest, { access, token }: MetricsRouteOptions): void {
  const shown = bearer(request.headers.authorization)
  const allowed =
    shown === undefined
      ? mayReadOpenly(credentialsOf(request), access)
      : token !== undefined && sameSecret(shown, token)
  if (!allowed) throw new AppError('unauthorized', 'a token is required: Authorization: Bearer <METRICS_TOKEN>')
}
