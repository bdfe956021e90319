import { processList } from '@stagewatch/shared/contract/admin.ts'
import { instantText } from '@stagewatch/shared/contract/query-parameters.ts'
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
import { summariesOf } from './draft-view.ts'
import type { ProcessRouteOptions } from './draft-view.ts'
import { processListOf, viewOfProcess } from './process-view.ts'

const tags = ['administration']

export function processRoutes(app: TypedApp, { sites, database }: ProcessRouteOptions): void {
  app.get('/api/v1/admin/processes', {
    config: { access: 'rules.read' },
    schema: { summary: 'Processes of the site', tags, response: { 200: processList, ...refusals } },
    handler: async (request) => {
      const caller = callerOf(request)
      const { catalog, privacy, drafts } = await sites.get(caller.site)
      const audience = audienceOf(caller, privacy.now)
      // A caller who may change a process must see all of it.
      if (!caller.actions.has('rules.change'))
        return processListOf(catalog, (process) => viewOfProcess(process, audience))
      return { ...processListOf(catalog), drafts: await summariesOf(database, await drafts.list()) }
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
        /** Start of validity, in the past or the future; omitted to correct the current version. */
        validFrom: instantText,
      }),
      body: processDefinition,
      response: { 200: processDefinition, ...refusals, 409: problem, 422: problem },
    },
    handler: async (request) => {
      requireSameCode(request.params.code, request.body.code, 'code')
      const caller = callerOf(request)
      const rules = await sites.get(caller.site)
      const { body, query, headers } = request
      await rules.saveProcess(body, actorOf(caller), query.validFrom, expectedVersion(headers))
      return request.body
    },
  })
}

/** @param field the field of the body that holds the code. @throws AppError `invalid_field`. */
export function requireSameCode(ofAddress: string, ofBody: string, field: string): void {
  if (ofAddress === ofBody) return
  throw new AppError('invalid_field', 'the code of the address and of the body differ', { field, reason: 'mismatch' })
}
