import type { KeyScope } from '@stagewatch/shared/contract/admin.ts'
import type { FastifyRequest } from 'fastify'
import { identifyCaller, requireScope } from '../access/caller.ts'
import type { AccessRules, Caller } from '../access/caller.ts'

/**
 * Who sent the request, with the scope that the route needs.
 * @throws AppError `unauthorized`, `forbidden` or `rate_limited`.
 */
export async function requestCaller(request: FastifyRequest, scope: KeyScope, rules: AccessRules): Promise<Caller> {
  const caller = await identifyCaller(
    {
      token: bearer(request.headers.authorization),
      site: askedSite(request),
      hostname: request.hostname,
      address: request.ip,
    },
    rules,
  )
  requireScope(caller, scope)
  return caller
}

/** What stands behind `Bearer`; empty when something else is there. */
export function bearer(authorization: string | undefined): string | undefined {
  return authorization === undefined ? undefined : (/^Bearer +(\S+)$/i.exec(authorization)?.[1] ?? '')
}

/** A query parameter for people, a header for commands. */
function askedSite({ query, headers }: FastifyRequest): string | undefined {
  const header = headers['x-stagewatch-site']
  if (typeof header === 'string') return header
  return typeof query === 'object' && query !== null && 'site' in query && typeof query.site === 'string'
    ? query.site
    : undefined
}
