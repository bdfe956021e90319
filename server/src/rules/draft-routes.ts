import { problem } from '@stagewatch/shared/contract/problem.ts'
import { processChanges } from '@stagewatch/shared/contract/changes.ts'
import {
  processDraftAnswer,
  processDraftRequest,
  processReleased,
  processReleaseRequest,
  processReleases,
  processReleasesQuery,
  processRollbackRequest,
} from '@stagewatch/shared/contract/process-draft.ts'
import { z } from 'zod'
import { actorOf } from '../access/actor.ts'
import { audienceOf } from '../access/caller.ts'
import { loadChanges } from '../access/changes-table.ts'
import { readAs } from '../access/read-as.ts'
import { callerOf } from '../access/route-access.ts'
import { expectedVersion, versionOf } from '../platform/edit-version.ts'
import { ruleBytes } from '../platform/http/json-body.ts'
import { refusals } from '../platform/http/problem-answer.ts'
import type { TypedApp } from '../platform/http/typed-app.ts'
import { releasesOf, viewOfDraft } from './draft-view.ts'
import type { ProcessRouteOptions } from './draft-view.ts'
import { requireSameCode } from './process-routes.ts'
import { viewOfProcess } from './process-view.ts'
import type { RuleService } from './rule-service.ts'

const tags = ['administration']
const params = z.object({ code: z.string() })
const querystring = z.strictObject({ site: z.string().optional() })
const change = { access: 'rules.change' } as const
const refused = { ...refusals, 409: problem }

/** Routes for the draft of a process and for its release history. */
export function draftRoutes(app: TypedApp, { sites, database }: ProcessRouteOptions): void {
  app.get('/api/v1/admin/processes/:code/draft', {
    config: { access: 'rules.read' },
    schema: {
      summary: 'Draft of a process',
      tags,
      params,
      querystring,
      response: { 200: processDraftAnswer, ...refusals },
    },
    handler: async (request) => {
      const caller = callerOf(request)
      if (!caller.actions.has('rules.change')) return { draft: null }
      const { drafts } = await sites.get(caller.site)
      return { draft: await viewOfDraft(database, await drafts.find(request.params.code)) }
    },
  })

  app.put('/api/v1/admin/processes/:code/draft', {
    config: change,
    bodyLimit: ruleBytes,
    schema: {
      summary: 'Save the draft of a process, which has no effect until it is released',
      tags,
      params,
      querystring,
      body: processDraftRequest,
      response: { 200: processDraftAnswer, ...refused },
    },
    handler: async (request) => {
      requireSameCode(request.params.code, request.body.definition.code, 'definition.code')
      const caller = callerOf(request)
      const { drafts } = await sites.get(caller.site)
      const saved = await drafts.save(request.body, actorOf(caller), expectedVersion(request.headers))
      return { draft: await viewOfDraft(database, saved) }
    },
  })

  app.delete('/api/v1/admin/processes/:code/draft', {
    config: change,
    schema: {
      summary: 'Discard the draft of a process',
      tags,
      params,
      querystring,
      response: { 200: processDraftAnswer, ...refused },
    },
    handler: async (request) => {
      const caller = callerOf(request)
      const { drafts } = await sites.get(caller.site)
      await drafts.discard(request.params.code, actorOf(caller), expectedVersion(request.headers))
      return { draft: null }
    },
  })

  app.post('/api/v1/admin/processes/:code/release', {
    config: change,
    schema: {
      summary: 'Release the draft of a process',
      tags,
      params,
      querystring,
      body: processReleaseRequest,
      response: { 200: processReleased, ...refused, 404: problem, 422: problem },
    },
    handler: async (request) => {
      const caller = callerOf(request)
      const rules = await sites.get(caller.site)
      const { reason, validFrom } = request.body
      const release = { actor: actorOf(caller), reason, validFrom, expected: expectedVersion(request.headers) }
      const { code } = request.params
      await rules.changeProcess((catalog) => catalog.release(code, release))
      return versionNow(rules, code)
    },
  })

  app.post('/api/v1/admin/processes/:code/rollback', {
    config: change,
    schema: {
      summary: 'Roll a process back to its state before a change',
      tags,
      params,
      querystring,
      body: processRollbackRequest,
      response: { 200: processReleased, ...refused, 404: problem },
    },
    handler: async (request) => {
      const caller = callerOf(request)
      const rules = await sites.get(caller.site)
      const rollback = {
        ...request.body,
        actor: actorOf(caller),
        expected: expectedVersion(request.headers),
        visited: (process: string, stages: ReadonlySet<string>) => rules.visitedStages(process, stages),
      }
      const { code } = request.params
      await rules.changeProcess((catalog) => catalog.rollBack(code, rollback))
      return versionNow(rules, code)
    },
  })

  app.get('/api/v1/admin/processes/:code/releases', {
    config: { access: 'rules.read' },
    schema: {
      summary: 'History of a process, newest first',
      tags,
      params,
      querystring: processReleasesQuery,
      response: { 200: processReleases, ...refusals },
    },
    handler: async (request) => {
      const caller = callerOf(request)
      const { privacy } = await sites.get(caller.site)
      const { limit, cursor } = request.query
      // One more than the page holds, to learn whether there is another page.
      const asked = { after: -1, before: cursor, limit: limit + 1, subject: request.params.code }
      const found = await readAs(database, caller, (tx) =>
        loadChanges(tx, caller.site, { ...asked, actions: processChanges }),
      )
      const page = found.slice(0, limit)
      const last = page.at(-1)
      const audience = audienceOf(caller, privacy.now)
      const mayChange = caller.actions.has('rules.change')
      return {
        releases: await releasesOf(database, page, caller.actions.has('changes.read'), (process) =>
          mayChange ? process : viewOfProcess(process, audience),
        ),
        ...(last !== undefined && found.length > limit && { cursor: String(last.id) }),
      }
    },
  })
}

function versionNow({ catalog }: RuleService, process: string): { version: string } {
  return { version: versionOf(catalog.histories().find(([{ definition }]) => definition.code === process)) }
}
