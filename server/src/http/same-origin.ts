import type { FastifyInstance } from 'fastify'
import { AppError } from '../app-error.ts'
import { originAllowed } from '../live/origin-allowed.ts'

const reading: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * A page of another origin can make a browser send a request with its cookies. So whatever changes something comes
 * from a page of this server, or from a program that is no browser and shows a key.
 */
export function requireSameOrigin(app: FastifyInstance, publicUrl: string | undefined): void {
  app.addHook('onRequest', async ({ method, headers }) => {
    if (reading.has(method) || headers.authorization !== undefined) return
    const { origin, cookie } = headers
    if (origin === undefined && cookie === undefined) return
    if (origin !== undefined && originAllowed(headers, publicUrl)) return
    throw new AppError('forbidden', 'this has to come from a page of this server', { field: 'origin' })
  })
}
