import { ServerResponse } from 'node:http'
import type { IncomingMessage } from 'node:http'
import type { Problem } from '@stagewatch/shared/contract/problem.ts'
import type { FastifyInstance } from 'fastify'
import { AppError } from '../app-error.ts'
import type { ServedHosts } from './served-hosts.ts'
import { newRequestId, rawProblem } from './client-error.ts'

const unknownHost = {
  code: 'unknown_host',
  message: 'this server does not answer to that host: set PUBLIC_URL, or add the host to ALLOWED_HOSTS',
} as const satisfies Pick<Problem, 'code' | 'message'>

/** Every request must name exactly one host of this server: with two, a proxy in front may have checked the other. */
export function requireServedHost(app: FastifyInstance, hosts: ServedHosts): void {
  app.addHook('onRequest', async ({ raw }) => {
    const named = raw.rawHeaders.filter((text, place) => place % 2 === 0 && text.toLowerCase() === 'host')
    if (named.length > 1) throw new AppError('bad_request', 'a request must name exactly one host', { field: 'host' })
    if (!hosts.allows(raw.headers.host)) throw new AppError(unknownHost.code, unknownHost.message, { field: 'host' })
  })
}

/**
 * The same for requests that Fastify does not see: those to the path of the sockets, as middleware of their server.
 * @param response only a stand-in for an upgrade, so the answer is written directly to the connection.
 */
export function refuseUnknownHost(hosts: ServedHosts) {
  return (request: IncomingMessage, response: unknown, next: () => void): void => {
    if (hosts.allows(request.headers.host)) return next()
    const problem: Problem = { ...unknownHost, requestId: newRequestId() }
    if (response instanceof ServerResponse) {
      response.writeHead(421, { 'content-type': 'application/json; charset=utf-8', connection: 'close' })
      response.end(JSON.stringify(problem))
    } else {
      request.socket.end(rawProblem(421, problem))
    }
  }
}
