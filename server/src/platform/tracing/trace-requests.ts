import type { FastifyRequest } from 'fastify'
import type { TypedApp } from '../http/typed-app.ts'
import type { ActiveSpan, Tracer } from './active-span.ts'
import { withSpan } from './active-span.ts'

const spans = new WeakMap<FastifyRequest, ActiveSpan>()

/** The span of a request. Undefined: requests are not traced. */
export function spanOfRequest(request: FastifyRequest): ActiveSpan | undefined {
  return spans.get(request)
}

/**
 * A span for each request, from its head to the end of its answer. It contains the pattern of the route and never the
 * path, which may name an order, and neither query string nor address of the client.
 */
export function traceRequests(http: TypedApp, tracer: Tracer): void {
  http.addHook('onRequest', (request, reply, done) => {
    const { method, routeOptions, id, headers } = request
    const route = routeOptions.url
    const span = tracer.root(
      route === undefined ? method : `${method} ${route}`,
      'server',
      {
        'http.request.method': method,
        'http.response.header.x-request-id': [id],
        ...(route !== undefined && { 'http.route': route }),
      },
      headers,
    )
    spans.set(request, span)
    reply.raw.once('close', () => {
      const { statusCode, writableFinished } = reply.raw
      span.set({ 'http.response.status_code': statusCode, ...(!writableFinished && { 'error.type': 'aborted' }) })
      span.end()
    })
    withSpan(span, done)
  })
}
