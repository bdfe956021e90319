import type { FastifyReply, FastifyRequest } from 'fastify'
import type { CachedAnswers } from '../platform/load/cached-answers.ts'
import type { ShedWork } from '@stagewatch/shared/contract/server-status.ts'
import type { LoadMonitor } from '../platform/load/load-monitor.ts'
import type { TypedApp } from '../platform/http/typed-app.ts'
import { callerIfAny } from './route-access.ts'
import type { Caller } from './caller.ts'
import { shedWorkOf } from './shed-work.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** If it is not the kind that follows from the access. `never`: answered under any load. */
    load?: ShedWork | 'never'
  }
}

const importHeader = 'x-stagewatch-import'
/** Bulk work has limits of its own, waits in queues of its own, and takes as long as it takes. */
const ownQueues: ReadonlySet<ShedWork> = new Set(['exports', 'history'])

/**
 * Refuses requests that the server gives up at its present load, and counts those that it answers. Must be called
 * before the access rules are checked, so that a refusal costs no statement of the database.
 * @param cached answers that may be given again instead; must be cleared when permissions change.
 */
export function shedRequests(app: TypedApp, load: LoadMonitor, cached: CachedAnswers): void {
  app.addHook('onRequest', (request, reply, done) => {
    const work = workOf(request)
    if (work === undefined) return done()
    // What is cached depends on the caller, who is known later.
    if (load.isShed(work) && !isCacheable(request, work)) return done(load.refuse(work))
    if (!ownQueues.has(work)) reply.raw.once('close', load.requestBegins())
    done()
  })
  app.addHook('preHandler', async (request, reply) => {
    const work = workOf(request)
    if (work === undefined || !isCacheable(request, work) || !load.isShed(work)) return undefined
    const answer = cached.find(keyOf(request), performance.now())
    if (answer === undefined) throw load.refuse(work)
    return reply.type('application/json; charset=utf-8').header('age', String(answer.ageS)).send(answer.text)
  })
  app.addHook('onSend', async (request, reply, payload) => {
    if (isKept(request, reply) && typeof payload === 'string') cached.keep(keyOf(request), payload, performance.now())
    return payload
  })
}

/** Undefined: answered under any load. Files and addresses without a route cost nothing. */
function workOf({ method, headers, routeOptions: { url = '', config } }: FastifyRequest): ShedWork | undefined {
  const { access = 'everyone', load } = config
  if (load === 'never' || !url.startsWith('/api/v1/')) return undefined
  if (load !== undefined) return load
  const work = shedWorkOf(method, access)
  return work === 'events' && headers[importHeader] !== undefined ? 'exports' : work
}

function isCacheable({ method }: FastifyRequest, work: ShedWork): boolean {
  return method === 'GET' && work === 'history'
}

function isKept(request: FastifyRequest, reply: FastifyReply): boolean {
  const work = workOf(request)
  return work !== undefined && isCacheable(request, work) && reply.statusCode === 200 && !reply.hasHeader('age')
}

/** Everything of the caller on which an answer may depend, except the settings of the site. */
function keyOf(request: FastifyRequest): string {
  const caller: Caller | undefined = callerIfAny(request)
  const { kind, name, id, site, actions, departments, privacy } = caller ?? {}
  return JSON.stringify([request.url, kind, name, id, site, [...(actions ?? [])], departments, privacy])
}
