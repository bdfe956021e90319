import {
  doctorReport,
  keyCreated,
  keyRequest,
  migrateReport,
  processList,
  rebuildReport,
} from '@stagewatch/shared/contract/admin.ts'
import { processDefinition } from '@stagewatch/shared/contract/process.ts'
import { changeList, changesQuery } from '@stagewatch/shared/contract/changes.ts'
import { instantText } from '@stagewatch/shared/contract/instant-text.ts'
import { problem } from '@stagewatch/shared/contract/problem.ts'
import { z } from 'zod'
import { AppError } from '../app-error.ts'
import { loadChanges } from '../catalog/changes-table.ts'
import { requireOwnDepartments } from '../identity/require-own-departments.ts'
import { checkHealth } from '../query/check-health.ts'
import { adminCaller } from './admin-caller.ts'
import { refusals } from './refusals.ts'
import { callerOf } from './route-access.ts'
import type { RouteContext, TypedApp } from './route-context.ts'

const tags = ['administration']

export function registerAdminRoutes(app: TypedApp, context: RouteContext): void {
  const { keys, database, clock } = context

  app.get('/api/v1/admin/processes', {
    config: { access: 'rules.read' },
    schema: { summary: 'Processes of the site', tags, response: { 200: processList, ...refusals } },
    handler: async (request) => {
      const { catalog } = (await adminCaller(request, context)).pipeline
      return {
        processes: catalog.list(),
        histories: catalog
          .histories()
          .map((versions) => ({ process: versions[0].definition.code, versions: [...versions] })),
        defaultProcess: catalog.get(catalog.defaultProcess) === undefined ? null : catalog.defaultProcess,
      }
    },
  })

  app.put('/api/v1/admin/processes/:code', {
    config: { access: 'rules.change' },
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
      response: { 200: processDefinition, ...refusals, 422: problem },
    },
    handler: async (request) => {
      if (request.params.code !== request.body.code) {
        throw new AppError('invalid_field', 'the code of the address and of the body differ', { field: 'code' })
      }
      const { pipeline, actor } = await adminCaller(request, context)
      await pipeline.saveProcess(request.body, actor, request.query.validFrom)
      return request.body
    },
  })

  app.get('/api/v1/admin/changes', {
    config: { access: 'changes.read' },
    schema: {
      summary: 'Who changed which rule, the newest first',
      tags,
      querystring: changesQuery,
      response: { 200: changeList, ...refusals },
    },
    handler: async (request) => {
      const { pipeline } = await adminCaller(request, context)
      const { from = 0, limit } = request.query
      return { changes: await loadChanges(database, pipeline.site.code, from - 1, limit) }
    },
  })

  app.post('/api/v1/admin/keys', {
    config: { access: 'keys.manage' },
    schema: { summary: 'Create an API key', tags, body: keyRequest, response: { 200: keyCreated, ...refusals } },
    handler: async (request) => {
      const caller = callerOf(request)
      requireOwnDepartments(caller, undefined)
      return keys.create((await adminCaller(request, context)).pipeline.site.code, request.body, caller)
    },
  })

  app.post('/api/v1/admin/rebuild', {
    config: { access: 'site.manage' },
    schema: { summary: 'Fold every order again from the log', tags, response: { 200: rebuildReport, ...refusals } },
    handler: async (request) => {
      const { pipeline } = await adminCaller(request, context)
      const begin = performance.now()
      const rebuilt = await pipeline.rebuild((events) => request.log.info({ events }, 'rebuilding'))
      return { ...rebuilt, elapsedMs: Math.round(performance.now() - begin) }
    },
  })

  app.get('/api/v1/admin/doctor', {
    config: { access: 'site.manage' },
    schema: { summary: 'Check the installation', tags, response: { 200: doctorReport, ...refusals } },
    handler: async (request) => {
      const checks = await checkHealth(database, (await adminCaller(request, context)).pipeline, clock.now())
      return { ok: checks.every((check) => check.ok), checks }
    },
  })

  app.post('/api/v1/admin/migrate', {
    config: { access: 'site.manage' },
    schema: { summary: 'Bring the database to the newest schema', tags, response: { 200: migrateReport, ...refusals } },
    // Opening the database has migrated it: a process that answers has nothing left to do.
    handler: () => ({ applied: [] }),
  })
}
