import { processList } from '@stagewatch/shared/contract/admin.ts'
import { instantText } from '@stagewatch/shared/contract/instant-text.ts'
import { problem } from '@stagewatch/shared/contract/problem.ts'
import { processDefinition } from '@stagewatch/shared/contract/process.ts'
import { z } from 'zod'
import { actorOf } from '../access/actor.ts'
import { audienceOf } from '../access/caller.ts'
import { callerOf } from '../access/route-access.ts'
import { AppError } from '../platform/app-error.ts'
import { expectedVersion } from '../platform/edit-version.ts'
import { ruleBytes } from '../platform/http/json-body.ts'
import { refusals } from '../platform/http/problem-answer.ts'
import type { TypedApp } from '../platform/http/typed-app.ts'
import { processListOf, viewOfProcess } from './process-view.ts'
import type { RuleRouteOptions } from './rule-service.ts'

const tags = ['administration']

export function processRoutes(app: TypedApp, { sites }: RuleRouteOptions): void {
  app.get('/api/v1/admin/processes', {
    config: { access: 'rules.read' },
    schema: { summary: 'Processes of the site', tags, response: { 200: processList, ...refusals } },
    handler: async (request) => {
      const caller = callerOf(request)
      const { catalog, privacy } = await sites.get(caller.site)
      const audience = audienceOf(caller, privacy.now)
      // Whoever may change a process has to see what they change.
      return processListOf(catalog, (process) =>
        caller.actions.has('rules.change') ? process : viewOfProcess(process, audience),
      )
    },
  })

  app.put('/api/v1/admin/processes/:code', {
    config: { access: 'rules.change' },
    bodyLimit: ruleBytes,
    schema: {
      summary: 'Create or correct a process, or add a version of it',
      tags,
      params: z.object({ code: z.string() }),
      querystring: z.strictObject({
        site: z.string().optional(),
        /** When the version begins, in the past or the future; left out: the one that is valid now is corrected. */
        validFrom: instantText,
      }),
      body: processDefinition,
      response: { 200: processDefinition, ...refusals, 409: problem, 422: problem },
    },
    handler: async (request) => {
      if (request.params.code !== request.body.code) {
        throw new AppError('invalid_field', 'the code of the address and of the body differ', {
          field: 'code',
          reason: 'mismatch',
        })
      }
      const caller = callerOf(request)
      const rules = await sites.get(caller.site)
      const { body, query, headers } = request
      await rules.saveProcess(body, actorOf(caller), query.validFrom, expectedVersion(headers))
      return request.body
    },
  })
}
