import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Admitted } from '../identity/admission.ts'
import type { Identity } from '../identity/identity.ts'
import type { SessionOrigin } from '../identity/sessions-table.ts'

export function sessionOrigin({ ip, headers }: FastifyRequest): SessionOrigin {
  return { address: ip, userAgent: headers['user-agent'] }
}

/** Gives the browser the cookie of the new session, if there is one, and says where to go. */
export async function answerAdmitted(
  { site, sessionToken }: Admitted,
  identity: Identity,
  reply: FastifyReply,
): Promise<{ site: string }> {
  if (sessionToken !== undefined) void reply.header('set-cookie', (await identity.cookie()).write(sessionToken))
  return { site }
}
