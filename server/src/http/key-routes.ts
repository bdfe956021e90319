import { keyList } from '@stagewatch/shared/contract/admin.ts'
import { ended } from '@stagewatch/shared/contract/people.ts'
import { problem } from '@stagewatch/shared/contract/problem.ts'
import { z } from 'zod'
import { requireOwnDepartments } from '../identity/require-own-departments.ts'
import { refusals } from './refusals.ts'
import { callerOf } from './route-access.ts'
import type { RouteContext, TypedApp } from './route-context.ts'

const tags = ['administration']
const querystring = z.strictObject({ site: z.string().optional() })

/** Keys of machines; one is created in `admin-routes.ts`. */
export function registerKeyRoutes(app: TypedApp, { keys }: RouteContext): void {
  app.get('/api/v1/keys', {
    config: { access: 'keys.manage' },
    schema: { summary: 'API keys of the site', tags, querystring, response: { 200: keyList, ...refusals } },
    handler: async (request) => ({ keys: await keys.list(callerOf(request).site) }),
  })

  app.delete('/api/v1/keys/:id', {
    config: { access: 'keys.manage' },
    schema: {
      summary: 'Revoke an API key',
      tags,
      params: z.object({ id: z.string() }),
      querystring,
      response: { 200: ended, ...refusals, 404: problem },
    },
    handler: async (request) => {
      const caller = callerOf(request)
      // A key sees all departments.
      requireOwnDepartments(caller, undefined)
      await keys.revoke(request.params.id, caller)
      return { id: request.params.id }
    },
  })
}
