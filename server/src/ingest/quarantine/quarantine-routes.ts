import {
  quarantineCauses,
  quarantineChoice,
  quarantineDismissed,
  quarantineList,
  quarantineQuery,
  quarantineRetried,
} from '@stagewatch/shared/contract/quarantine.ts'
import { problem } from '@stagewatch/shared/contract/problem.ts'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { loadCauses, loadQuarantine } from './quarantine-table.ts'
import { dismissQuarantined, retryQuarantined } from './settle-quarantine.ts'
import { actorOf } from '../../access/actor.ts'
import { callerOf } from '../../access/route-access.ts'
import { refusals } from '../../platform/http/problem-answer.ts'
import type { TypedApp } from '../../platform/http/typed-app.ts'
import type { Clock } from '../../platform/clock/clock.ts'
import type { IntakeSites } from '../event-intake.ts'
import type { Database } from '@stagewatch/db/database.ts'

const tags = ['administration']
const querystring = z.strictObject({ site: z.string().optional() })

interface QuarantineRouteOptions {
  readonly sites: IntakeSites
  readonly database: Database
  readonly clock: Clock
}

/** Requires access to all departments, because quarantined events may belong to any of them. */
export function quarantineRoutes(app: TypedApp, { sites, database, clock }: QuarantineRouteOptions): void {
  const settling = async (request: FastifyRequest) => {
    const caller = callerOf(request)
    return { intake: await sites.get(caller.site), actor: actorOf(caller), database, now: clock.now() }
  }

  app.get('/api/v1/quarantine', {
    config: { access: 'site.manage' },
    schema: {
      summary: 'Rejected events with the reasons, newest first',
      tags,
      querystring: quarantineQuery,
      response: { 200: quarantineList, ...refusals },
    },
    handler: (request) => loadQuarantine(database, callerOf(request).site, request.query),
  })

  app.get('/api/v1/quarantine/causes', {
    config: { access: 'site.manage' },
    schema: {
      summary: 'Rejected events by reason, most frequent first',
      tags,
      querystring,
      response: { 200: quarantineCauses, ...refusals },
    },
    handler: (request) => loadCauses(database, callerOf(request).site),
  })

  app.post('/api/v1/quarantine/retry', {
    config: { access: 'site.manage' },
    schema: {
      summary: 'Resubmit rejected events, at most 1,000 at a time',
      tags,
      querystring,
      body: quarantineChoice,
      response: { 200: quarantineRetried, ...refusals, 503: problem },
    },
    handler: async (request) => retryQuarantined(request.body, await settling(request)),
  })

  app.post('/api/v1/quarantine/dismiss', {
    config: { access: 'site.manage' },
    schema: {
      summary: 'Discard rejected events, at most 1,000 at a time',
      tags,
      querystring,
      body: quarantineChoice,
      response: { 200: quarantineDismissed, ...refusals },
    },
    handler: async (request) => dismissQuarantined(request.body, await settling(request)),
  })
}
