import { keyCreated, keyList, keyRequest } from '@stagewatch/shared/contract/admin.ts'
import { ended } from '@stagewatch/shared/contract/people.ts'
import { problem } from '@stagewatch/shared/contract/problem.ts'
import { z } from 'zod'
import type { ApiKeys } from './api-keys.ts'
import { requireOwnDepartments } from './caller.ts'
import { refusals } from '../platform/http/problem-answer.ts'
import { callerOf } from './route-access.ts'
import type { TypedApp } from '../platform/http/typed-app.ts'

const tags = ['administration']
const querystring = z.strictObject({ site: z.string().optional() })

/** Routes for the API keys of machines. */
export function keyRoutes(app: TypedApp, { keys }: { readonly keys: ApiKeys }): void {
  app.get('/api/v1/keys', {
    config: { access: 'keys.manage' },
    schema: { summary: 'API keys of the site', tags, querystring, response: { 200: keyList, ...refusals } },
    handler: async (request) => ({ keys: await keys.list(callerOf(request).site) }),
  })

  app.post('/api/v1/admin/keys', {
    config: { access: 'keys.manage', recentProof: true },
    schema: { summary: 'Create an API key', tags, body: keyRequest, response: { 200: keyCreated, ...refusals } },
    handler: (request) => {
      const caller = callerOf(request)
      requireOwnDepartments(caller, undefined)
      return keys.create(caller.site, request.body, caller)
    },
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
      // A key can see all departments.
      requireOwnDepartments(caller, undefined)
      await keys.revoke(request.params.id, caller)
      return { id: request.params.id }
    },
  })
}
