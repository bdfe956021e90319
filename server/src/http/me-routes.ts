import { me } from '@stagewatch/shared/contract/me.ts'
import type { Me } from '@stagewatch/shared/contract/me.ts'
import { z } from 'zod'
import type { Caller } from '../access/caller.ts'
import type { Site } from '../sites/site.ts'
import { refusals } from './refusals.ts'
import { callerOf } from './route-access.ts'
import type { RouteContext, TypedApp } from './route-context.ts'

export function registerMeRoutes(app: TypedApp, { identity, sites, access }: RouteContext): void {
  app.get('/api/v1/me', {
    config: { access: 'identified' },
    schema: {
      summary: 'Who calls, and what they may do',
      tags: ['people'],
      querystring: z.strictObject({ site: z.string().optional() }),
      response: { 200: me, ...refusals },
    },
    handler: async (request): Promise<Me> => {
      const caller = callerOf(request)
      const { kind, name, site, role, departments, actions, privacy } = caller
      const person = kind === 'person' ? await identity.sessions.find(request.headers.cookie ?? '') : undefined
      const roles = new Map(person?.memberships.map((membership) => [membership.site, membership.role]))
      const all = (await sites.list()).map((pipeline) => pipeline.site)
      return {
        kind,
        name: person?.name ?? name,
        ...(person !== undefined && { email: person.email, twoFactor: person.twoFactor }),
        site,
        ...(role !== undefined && { role }),
        ...(departments !== undefined && { departments: [...departments] }),
        actions: [...actions],
        privacy,
        sites: all
          .filter((each) => roles.has(each.code) || isOpenTo(caller, each, access.readsOpen))
          .map(({ code, name: siteName, sample }) => {
            const roleThere = roles.get(code)
            return { code, name: siteName, sample, ...(roleThere !== undefined && { role: roleThere }) }
          }),
      }
    },
  })
}

/** Whether the caller may go there without belonging to it. */
function isOpenTo({ kind, site }: Caller, { code, sample }: Site, readsOpen: boolean): boolean {
  if (kind === 'operator') return true
  if (kind === 'key' || kind === 'screen') return code === site
  return sample || readsOpen
}
