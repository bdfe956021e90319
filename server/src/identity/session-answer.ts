import type { FastifyReply, FastifyRequest } from 'fastify'
import { logSecurity } from '../platform/security-log.ts'
import { AppError } from '../platform/app-error.ts'
import type { Enrolled } from './enrollment.ts'
import type { Identity } from './identity.ts'
import type { SessionOrigin } from './sessions-table.ts'
import { addressOf } from '../access/route-access.ts'

export function sessionOrigin(request: FastifyRequest): SessionOrigin {
  return { address: addressOf(request), userAgent: request.headers['user-agent'] }
}

/**
 * Runs `admit`, sets the cookie of the new session, if there is one, and returns where to go.
 * @throws AppError whatever `admit` throws.
 */
export async function answerEnrolled(
  request: FastifyRequest,
  reply: FastifyReply,
  identity: Identity,
  admit: () => Promise<Enrolled>,
): Promise<{ site: string }> {
  const details = { address: addressOf(request), requestId: request.id, route: request.routeOptions.url }
  try {
    const { site, email, sessionToken } = await admit()
    if (sessionToken !== undefined) {
      void reply.header('set-cookie', (await identity.cookie()).write(sessionToken))
      logSecurity(request.log, 'sign-in.succeeded', { ...details, who: email, site })
    }
    return { site }
  } catch (error) {
    if (error instanceof AppError) logSecurity(request.log, 'sign-in.refused', { ...details, reason: error.code })
    throw error
  }
}
