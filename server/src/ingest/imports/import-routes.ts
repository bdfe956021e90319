import { createReadStream } from 'node:fs'
import type { Database } from '@stagewatch/db/database.ts'
import {
  importBegin,
  importDetail,
  importBegun,
  importEnd,
  importList,
  importTrial,
  importUndo,
  importUndone,
  importView,
} from '@stagewatch/shared/contract/imports.ts'
import { eventLimits } from '@stagewatch/shared/contract/event-limits.ts'
import { eventsAnswer } from '@stagewatch/shared/contract/event.ts'
import { problem } from '@stagewatch/shared/contract/problem.ts'
import { z } from 'zod'
import { actorOf } from '../../access/actor.ts'
import { callerOf } from '../../access/route-access.ts'
import { AppError } from '../../platform/app-error.ts'
import type { Clock } from '../../platform/clock/clock.ts'
import { inSlices } from '../../platform/in-slices.ts'
import { refusals } from '../../platform/http/problem-answer.ts'
import { validatorOfAnyText } from '../../platform/http/validation.ts'
import type { TypedApp } from '../../platform/http/typed-app.ts'
import { endImport, loadImport, loadImports, loadImportsOf, viewOfImport } from '../batches/imports-table.ts'
import { beginImport } from './begin-import.ts'
import { describeImport, rejectedRowsOf } from './describe-import.ts'
import type { ImportContext } from './import-context.ts'
import type { Uploads } from './uploads.ts'
import { parseSteps } from '../parse/parse-events.ts'
import { validateSender } from '../sender-rights.ts'
import { undoImport } from '../batches/undo-import.ts'
import type { RestoreImported } from '../batches/undo-import.ts'

const tags = ['administration']
const querystring = z.strictObject({ site: z.string().optional() })
const params = z.object({
  id: z
    .string()
    .regex(/^\d{1,15}$/, 'must be the number of an import')
    .transform(Number),
})

interface ImportRouteOptions {
  readonly sites: ImportContext['sites']
  readonly database: Database
  readonly clock: Clock
  readonly uploads: Uploads
  readonly restoreImported: RestoreImported
}

/** Requires access to all departments, because imports may contain events of any department. */
export function importRoutes(app: TypedApp, options: ImportRouteOptions): void {
  const { sites, database, clock, uploads, restoreImported } = options
  app.get('/api/v1/imports', {
    config: { access: 'imports.manage' },
    schema: { summary: 'Imports, newest first', tags, querystring, response: { 200: importList, ...refusals } },
    handler: async (request) => ({
      imports: (await loadImports(database, callerOf(request).site)).map(viewOfImport),
    }),
  })

  app.get('/api/v1/imports/:id', {
    config: { access: 'imports.manage' },
    schema: {
      summary: 'An import, with how its file was interpreted',
      tags,
      params,
      querystring,
      response: { 200: importDetail, ...refusals, 404: problem },
    },
    handler: (request) => describeImport(request.params.id, callerOf(request), { sites, database, uploads }),
  })

  app.get('/api/v1/imports/:id/rejected.csv', {
    config: { access: 'imports.manage', load: 'exports' },
    schema: {
      summary: 'The original rows that an import rejected, with the reasons',
      tags,
      params,
      querystring,
      response: {
        200: { description: 'CSV in UTF-8 with titles', content: { 'text/csv': { schema: z.string() } } },
        ...refusals,
        404: problem,
      },
    },
    handler: async (request, reply) => {
      const { id } = request.params
      const path = await rejectedRowsOf(id, callerOf(request), { database, uploads })
      reply.header('content-type', 'text/csv; charset=utf-8')
      reply.header('content-disposition', `attachment; filename="rejected-${id}.csv"`)
      // The reply type does not allow streams for a route with a schema, but Fastify sends them unchanged.
      return reply.send(createReadStream(path) as unknown as string)
    },
  })

  app.post('/api/v1/imports/:id/stop', {
    config: { access: 'imports.manage' },
    schema: {
      summary: 'Stop reading a file; rows imported by then stay, and can be undone',
      tags,
      params,
      querystring,
      response: { 200: importView, ...refusals, 404: problem, 409: problem },
    },
    handler: async (request) => {
      const caller = callerOf(request)
      const { id } = request.params
      await requireImport(database, caller.site, id)
      await uploads.stopImport(id, caller)
      return viewOfImport(await requireImport(database, caller.site, id))
    },
  })

  app.post('/api/v1/imports', {
    config: { access: 'events.append', load: 'exports' },
    schema: {
      summary: 'Start an import: events sent with its number are retracted when it is undone',
      tags,
      querystring,
      body: importBegin,
      response: { 200: importBegun, ...refusals },
    },
    handler: async (request) => {
      const caller = callerOf(request)
      // The site may be new to this server instance.
      await sites.get(caller.site)
      const sameFile = await loadImportsOf(database, caller.site, request.body.hash)
      const id = await beginImport(database, request.body, caller, clock.now())
      return { id, sameFile: sameFile.map(viewOfImport) }
    },
  })

  app.post('/api/v1/imports/trial', {
    config: { access: 'events.append', load: 'exports', json: 'events' },
    bodyLimit: eventLimits.bytesPerRequest,
    schema: {
      summary: 'Check events as an import would, against all rules and stored events, without storing them',
      tags,
      querystring,
      body: importTrial,
      response: { 200: eventsAnswer, ...refusals, 404: problem, 413: problem },
    },
    validatorCompiler: validatorOfAnyText,
    handler: async (request) => {
      const caller = callerOf(request)
      const intake = await sites.get(caller.site)
      const parsed = await inSlices(parseSteps('application/json', request.body.events, clock.now()))
      if (!parsed.ok) throw new AppError(parsed.problem.code, parsed.problem.message)
      const { sources, actions, name } = caller
      const items = validateSender(parsed.items, { sources, mayVoidOthers: actions.has('events.void') })
      return intake.try({ sender: name, items, imported: true }, request.body.process)
    },
  })

  app.post('/api/v1/imports/:id/end', {
    config: { access: 'events.append' },
    schema: {
      summary: 'Report the result of an import',
      tags,
      params,
      querystring,
      body: importEnd,
      response: { 200: importView, ...refusals, 404: problem, 409: problem },
    },
    handler: async (request) => {
      const { site } = callerOf(request)
      const { id } = request.params
      const { instance } = await requireImport(database, site, id)
      if (instance !== null) throw new AppError('conflict', 'the server itself reads this import', { field: 'id' })
      await endImport(database, site, id, request.body, clock.now())
      return viewOfImport(await requireImport(database, site, id))
    },
  })

  app.post('/api/v1/imports/:id/undo', {
    config: { access: 'imports.manage', load: 'exports' },
    schema: {
      summary: 'Undo an import: retracts some thousand events per request; repeat until it is done',
      tags,
      params,
      querystring,
      body: importUndo,
      response: { 200: importUndone, ...refusals, 404: problem },
    },
    handler: async (request) => {
      const caller = callerOf(request)
      const intake = await sites.get(caller.site)
      const undoing = { database, intake, actor: actorOf(caller), now: clock.now(), restoreImported }
      return undoImport(request.params.id, request.body.reason, undoing)
    },
  })
}

async function requireImport(database: Database, site: string, id: number) {
  const stored = await loadImport(database, site, id)
  if (stored === undefined) throw new AppError('not_found', 'there is no such import', { field: 'id' })
  return stored
}
