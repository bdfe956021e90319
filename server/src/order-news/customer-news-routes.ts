import type { Database } from '@stagewatch/db/database.ts'
import { customerNewsSettings, customerNewsView } from '@stagewatch/shared/contract/customer-news.ts'
import { problem } from '@stagewatch/shared/contract/problem.ts'
import { z } from 'zod'
import { actorOf } from '../access/actor.ts'
import { callerOf } from '../access/route-access.ts'
import type { Clock } from '../platform/clock/clock.ts'
import { expectedVersion } from '../platform/edit-version.ts'
import { refusals } from '../platform/http/problem-answer.ts'
import type { TypedApp } from '../platform/http/typed-app.ts'
import type { SiteRegistry } from '../sites/site-registry.ts'
import { changeSettings, describeSettings } from './customer-settings.ts'

interface CustomerNewsRouteOptions {
  readonly sites: SiteRegistry
  readonly database: Database
  readonly clock: Clock
}

// What the page shows about orders concerns the whole site, as does the permission.
const config = { access: 'rules.change' } as const
const querystring = z.strictObject({ site: z.string().optional() })
const tags = ['channels']

/** Routes by which a site decides what its customers are told. */
export function customerNewsRoutes(app: TypedApp, { sites, database, clock }: CustomerNewsRouteOptions): void {
  app.get('/api/v1/customer-news', {
    config,
    schema: {
      summary: 'Which news of their orders customers receive, and what became of the last ones',
      tags,
      querystring,
      response: { 200: customerNewsView, ...refusals },
    },
    handler: async (request) => describeSettings(database, await sites.get(callerOf(request).site), clock.now()),
  })

  app.put('/api/v1/customer-news', {
    config,
    schema: {
      summary: 'Change which news of their orders customers receive by e-mail',
      tags,
      querystring,
      body: customerNewsSettings,
      response: { 200: customerNewsView, ...refusals, 409: problem },
    },
    handler: async (request) => {
      const caller = callerOf(request)
      const pipeline = await sites.get(caller.site)
      const change = { actor: actorOf(caller), expected: expectedVersion(request.headers), changedAt: clock.now() }
      await changeSettings(database, pipeline, request.body, change)
      return describeSettings(database, pipeline, clock.now())
    },
  })
}
