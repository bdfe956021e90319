import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import type { Server } from 'node:http'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import staticFiles from '@fastify/static'
import { isDeskPage } from '@stagewatch/shared/contract/server-paths.ts'
import Fastify, { LogController } from 'fastify'
import type { FastifyBaseLogger } from 'fastify'
import { serializerCompiler } from 'fastify-type-provider-zod'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { withLogContext } from '../log-context.ts'
import type { Tracer } from '../tracing/active-span.ts'
import { traceRequests } from '../tracing/trace-requests.ts'
import { answerClientError, newRequestId } from './client-error.ts'
import { bodyBytes } from './json-body.ts'
import { answerNotFound, answerProblem } from './problem-answer.ts'
import type { PageFiles } from './page-files.ts'
import type { TypedApp } from './typed-app.ts'
import { validatorCompiler } from './validation.ts'

/** Folder of the built pages. */
export const clientFolder = fileURLToPath(new URL('../../../../client/dist', import.meta.url))

const closeIdleEveryMs = 200
/** For files whose name contains a hash of their content. */
export const namedFileCaching = 'public, max-age=31536000, immutable'

/** A server without routes: limits, validation, serialization, and the answers to errors and unknown addresses. */
export function newHttpApp(logger: FastifyBaseLogger, tracer?: Tracer): TypedApp {
  const http = Fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: newRequestId,
    bodyLimit: bodyBytes,
    requestTimeout: 60_000,
    connectionTimeout: 60_000,
    // Longer than load balancers keep an idle connection (60 s by default): otherwise they send a request on a connection
    // that is just being closed, and it fails.
    keepAliveTimeout: 75_000,
    forceCloseConnections: 'idle',
    http: { headersTimeout: 5_000, connectionsCheckingInterval: 1_000 },
    // An order name has up to 200 characters, and a URL may need twelve to encode each.
    routerOptions: { maxParamLength: 2_400 },
    frameworkErrors: (error, request, reply) => void answerProblem(error, request, reply),
    clientErrorHandler: answerClientError,
  }).withTypeProvider<ZodTypeProvider>()
  if (tracer !== undefined) traceRequests(http, tracer)
  http.addHook('onRequest', (request, reply, done) => {
    void reply.header('x-request-id', request.id)
    withLogContext({ requestId: request.id }, done)
  })
  http.setValidatorCompiler(validatorCompiler)
  // Fields that are not in the response schema do not leave the server.
  http.setSerializerCompiler(serializerCompiler)
  http.addHook('preClose', async () => closeAsTheyEnd(http.server))
  http.setErrorHandler(answerProblem)
  http.setNotFoundHandler((request, reply) => {
    const [path = ''] = request.url.split('?', 1)
    const isPage = request.method === 'GET' && isDeskPage(path, request.headers.accept) && existsSync(clientFolder)
    return isPage ? reply.header('cache-control', 'no-cache').sendFile('desk.html') : answerNotFound(request, reply)
  })
  return http
}

/**
 * Closes connections whose last response ends while the server is closing. Node closes only those that are idle when
 * closing begins; the others would keep it waiting until their keep-alive timeout.
 */
function closeAsTheyEnd(server: Server): void {
  const timer = setInterval(() => server.closeIdleConnections(), closeIdleEveryMs).unref()
  server.once('close', () => clearInterval(timer))
}

/** Folder of the files whose names change with their contents. */
export const assetsFolder = join(clientFolder, 'assets')

/** Serves the built pages; commands and tests run without them. */
export async function registerClient(http: TypedApp, files: PageFiles): Promise<void> {
  if (!existsSync(clientFolder)) return
  await http.register(staticFiles, {
    root: clientFolder,
    // The build also writes compressed copies.
    preCompressed: true,
    cacheControl: false,
    setHeaders: (reply, path) => {
      const named = path.includes('/assets/')
      void reply.header('cache-control', named ? namedFileCaching : 'no-cache')
    },
  })
  const own = new Set(await readdir(assetsFolder).catch(() => []))
  // The plugin's own route lists the whole folder for every request, to check the case of the name on case-insensitive
  // disks.
  http.get<{ Params: { name: string } }>(
    '/assets/:name(^\\w[\\w.-]*$)',
    { schema: { hide: true } },
    async (request, reply) => {
      const { name } = request.params
      const found = own.has(name) ? undefined : await files.find(name)
      if (found === undefined) return reply.sendFile(`assets/${name}`)
      return reply.header('cache-control', namedFileCaching).type(found.type).send(found.content)
    },
  )
  http.get('/wall', { schema: { hide: true } }, (_request, reply) => reply.sendFile('wall.html'))
  http.get('/scan', { schema: { hide: true } }, (_request, reply) => reply.sendFile('scan.html'))
}
