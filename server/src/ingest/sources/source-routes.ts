import { problem } from '@stagewatch/shared/contract/problem.ts'
import { sourceDescription, sourceList } from '@stagewatch/shared/contract/sources.ts'
import { z } from 'zod'
import { actorOf } from '../../access/actor.ts'
import { callerOf } from '../../access/route-access.ts'
import { expectedVersion } from '../../platform/edit-version.ts'
import { refusals } from '../../platform/http/problem-answer.ts'
import type { TypedApp } from '../../platform/http/typed-app.ts'
import type { SiteSources } from './site-sources.ts'

const tags = ['administration']
const querystring = z.strictObject({ site: z.string().optional() })

interface SourceRouteOptions {
  readonly sites: { get(code: string): Promise<{ readonly sources: SiteSources }> }
}

/** Requires access to all departments, because the event counts of a source cover all of them. */
export function sourceRoutes(app: TypedApp, { sites }: SourceRouteOptions): void {
  app.get('/api/v1/sources', {
    config: { access: 'site.manage' },
    schema: {
      summary: 'Systems that send events: when they last sent, how many events, how late, and how many were rejected',
      tags,
      querystring,
      response: { 200: sourceList, ...refusals },
    },
    handler: async (request) => (await sites.get(callerOf(request).site)).sources.list(),
  })

  app.put('/api/v1/sources/:source', {
    config: { access: 'site.manage' },
    schema: {
      summary: 'Set the name of a source and how often it is expected to report',
      tags,
      params: z.object({ source: z.string() }),
      querystring,
      body: sourceDescription,
      response: { 200: sourceList, ...refusals, 409: problem },
    },
    handler: async (request) => {
      const caller = callerOf(request)
      const { sources } = await sites.get(caller.site)
      await sources.describe(request.params.source, request.body, actorOf(caller), expectedVersion(request.headers))
      return sources.list()
    },
  })
}
