import type { FastifyInstance } from 'fastify'
import { AppError } from '../app-error.ts'

/** Access depends on the host that was called: of two names, a proxy in front may have looked at the other one. */
export function requireOneHost(app: FastifyInstance): void {
  app.addHook('onRequest', async ({ raw }) => {
    const hosts = raw.rawHeaders.filter((text, place) => place % 2 === 0 && text.toLowerCase() === 'host')
    if (hosts.length > 1) throw new AppError('bad_request', 'a request names one host', { field: 'host' })
  })
}
