import type { Database } from '@stagewatch/db/database.ts'
import { deadJobChoice, deadJobList, deadJobsSettled, maxDeadJobs } from '@stagewatch/shared/contract/dead-jobs.ts'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { actorOf } from '../access/actor.ts'
import { callerOf } from '../access/route-access.ts'
import type { LinkRenewals } from '../channels/link-tokens.ts'
import type { Clock } from '../platform/clock/clock.ts'
import { loadDeadJobs } from '../platform/dead-jobs.ts'
import { refusals } from '../platform/http/problem-answer.ts'
import type { TypedApp } from '../platform/http/typed-app.ts'
import { dismissDeadJobs, retryDeadJobs } from './settle-dead-jobs.ts'

const tags = ['administration']
const querystring = z.strictObject({ site: z.string().optional() })

interface DeadJobRouteOptions {
  readonly database: Database
  readonly clock: Clock
  readonly linkRenewals: LinkRenewals
}

/** Jobs that were given up. Requires access to all departments, because they may belong to any of them. */
export function deadJobRoutes(app: TypedApp, { database, clock, linkRenewals }: DeadJobRouteOptions): void {
  const settling = (request: FastifyRequest) => {
    const caller = callerOf(request)
    return { database, site: caller.site, actor: actorOf(caller), now: clock.now(), renewals: linkRenewals }
  }

  app.get('/api/v1/admin/dead-jobs', {
    config: { access: 'site.manage' },
    schema: {
      summary: 'Jobs that were given up, newest first',
      tags,
      querystring,
      response: { 200: deadJobList, ...refusals },
    },
    handler: async (request) => ({
      asOf: clock.now(),
      ...(await loadDeadJobs(database, callerOf(request).site, maxDeadJobs)),
    }),
  })

  app.post('/api/v1/admin/dead-jobs/retry', {
    config: { access: 'site.manage' },
    schema: {
      summary: 'Run jobs again that were given up, at most 100 at a time',
      tags,
      querystring,
      body: deadJobChoice,
      response: { 200: deadJobsSettled, ...refusals },
    },
    handler: async (request) => ({ settled: await retryDeadJobs(request.body.ids, settling(request)) }),
  })

  app.post('/api/v1/admin/dead-jobs/dismiss', {
    config: { access: 'site.manage' },
    schema: {
      summary: 'Delete jobs that were given up, at most 100 at a time',
      tags,
      querystring,
      body: deadJobChoice,
      response: { 200: deadJobsSettled, ...refusals },
    },
    handler: async (request) => ({ settled: await dismissDeadJobs(request.body.ids, settling(request)) }),
  })
}
