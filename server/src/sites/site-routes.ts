import { problem } from '@stagewatch/shared/contract/problem.ts'
import { ownSite, siteAdded, siteList, siteRequest, siteSettings } from '@stagewatch/shared/contract/sites.ts'
import { z } from 'zod'
import { refusals } from '../platform/http/problem-answer.ts'
import { actorOf } from '../access/actor.ts'
import { expectedVersion } from '../platform/edit-version.ts'
import { plainSite } from './site-registry.ts'
import type { SiteRegistry } from './site-registry.ts'
import { callerOf } from '../access/route-access.ts'
import type { TypedApp } from '../platform/http/typed-app.ts'

const tags = ['administration']

const querystring = z.strictObject({ site: z.string().optional() })

/** Sites are created and deleted on the server's machine only; administrators of a site may change its time zone. */
export function siteRoutes(app: TypedApp, { sites }: { readonly sites: SiteRegistry }): void {
  app.get('/api/v1/site', {
    config: { access: 'member' },
    schema: { summary: 'Settings of the site', tags, querystring, response: { 200: ownSite, ...refusals } },
    handler: (request) => sites.settings(callerOf(request).site),
  })

  app.put('/api/v1/site', {
    config: { access: 'site.manage' },
    schema: {
      summary: 'Change the time zone of the site',
      tags,
      querystring,
      body: siteSettings,
      response: { 200: ownSite, ...refusals, 409: problem },
    },
    handler: async (request) => {
      const caller = callerOf(request)
      await sites.changeTimeZone(caller.site, request.body.timeZone, actorOf(caller), expectedVersion(request.headers))
      return sites.settings(caller.site)
    },
  })

  app.get('/api/v1/admin/sites', {
    config: { access: 'operator' },
    schema: { summary: 'Sites of the installation', tags, response: { 200: siteList, ...refusals } },
    handler: async () => {
      await sites.refresh()
      return { sites: sites.known() }
    },
  })

  app.post('/api/v1/admin/sites', {
    config: { access: 'operator' },
    schema: { summary: 'Create a site', tags, body: siteRequest, response: { 200: siteAdded, ...refusals } },
    handler: async (request) => {
      const { code, name, timeZone } = request.body
      const plain = plainSite(code)
      const site = { ...plain, name: name ?? plain.name, timeZone: timeZone ?? plain.timeZone }
      return { created: await sites.create(site, actorOf(callerOf(request))) }
    },
  })

  app.delete('/api/v1/admin/sites/:code', {
    config: { access: 'operator' },
    schema: {
      summary: 'Delete a site that holds no events',
      tags,
      params: z.object({ code: z.string().max(64) }),
      response: { 200: z.object({ deleted: z.literal(true) }), ...refusals, 404: problem, 409: problem },
    },
    handler: async (request) => {
      await sites.delete(request.params.code, actorOf(callerOf(request)))
      return { deleted: true as const }
    },
  })
}
