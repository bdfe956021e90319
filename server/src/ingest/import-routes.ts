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
import { eventLimits, eventsAnswer } from '@stagewatch/shared/contract/event.ts'
import { problem } from '@stagewatch/shared/contract/problem.ts'
import { z } from 'zod'
import { actorOf } from '../access/actor.ts'
import { callerOf } from '../access/route-access.ts'
import { AppError } from '../platform/app-error.ts'
import type { Clock } from '../platform/clock/clock.ts'
import { inSlices } from '../platform/in-slices.ts'
import { refusals } from '../platform/http/problem-answer.ts'
import type { TypedApp } from '../platform/http/typed-app.ts'
import { endImport, loadImport, loadImports, loadImportsOf, viewOfImport } from './imports-table.ts'
import { beginImport } from './imports/begin-import.ts'
import { describeImport, rejectedRowsOf } from './imports/describe-import.ts'
import type { ImportContext } from './imports/import-context.ts'
import type { Uploads } from './imports/uploads.ts'
import { parseSteps } from './parse/parse-events.ts'
import { validateSender } from './sender-rights.ts'
import { undoImport } from './undo-import.ts'

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
}

/** Imports may bring events of any department. */
export function importRoutes(app: TypedApp, { sites, database, clock, uploads }: ImportRouteOptions): void {
  app.get('/api/v1/imports', {
    config: { access: 'imports.manage' },
    schema: { summary: 'Imports, the newest first', tags, querystring, response: { 200: importList, ...refusals } },
    handler: async (request) => ({
      imports: (await loadImports(database, callerOf(request).site)).map(viewOfImport),
    }),
  })

  app.get('/api/v1/imports/:id', {
    config: { access: 'imports.manage' },
    schema: {
      summary: 'One import, with how its file was understood',
      tags,
      params,
      querystring,
      response: { 200: importDetail, ...refusals, 404: problem },
    },
    handler: (request) => describeImport(request.params.id, callerOf(request), { sites, database, uploads }),
  })

  app.get('/api/v1/imports/:id/rejected.csv', {
    config: { access: 'imports.manage' },
    schema: {
      summary: 'The rows that an import has rejected, as they were and with the reasons',
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
      // The type of a reply knows no streams beside its schema; Fastify sends them as they are.
      return reply.send(createReadStream(path) as unknown as string)
    },
  })

  app.post('/api/v1/imports/:id/stop', {
    config: { access: 'imports.manage' },
    schema: {
      summary: 'Stop reading a file; what was read by then stays, and can be undone',
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
    config: { access: 'events.append' },
    schema: {
      summary: 'Begin an import: events that are sent with its number are taken back when it is undone',
      tags,
      querystring,
      body: importBegin,
      response: { 200: importBegun, ...refusals },
    },
    handler: async (request) => {
      const caller = callerOf(request)
      // The site may be new.
      await sites.get(caller.site)
      const sameFile = await loadImportsOf(database, caller.site, request.body.hash)
      const id = await beginImport(database, request.body, caller, clock.now())
      return { id, sameFile: sameFile.map(viewOfImport) }
    },
  })

  app.post('/api/v1/imports/trial', {
    config: { access: 'events.append' },
    bodyLimit: eventLimits.bytesPerRequest,
    schema: {
      summary: 'Judge events as an import would, by all rules and against all that is stored, and keep none',
      tags,
      querystring,
      body: importTrial,
      response: { 200: eventsAnswer, ...refusals, 404: problem, 413: problem },
    },
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
      summary: 'Say how an import went',
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
    config: { access: 'imports.manage' },
    schema: {
      summary: 'Take back events of an import, some thousand at a time: to be asked until it is done',
      tags,
      params,
      querystring,
      body: importUndo,
      response: { 200: importUndone, ...refusals, 404: problem },
    },
    handler: async (request) => {
      const caller = callerOf(request)
      const intake = await sites.get(caller.site)
      const undoing = { database, intake, actor: actorOf(caller), now: clock.now() }
      return undoImport(request.params.id, request.body.reason, undoing)
    },
  })
}

async function requireImport(database: Database, site: string, id: number) {
  const stored = await loadImport(database, site, id)
  if (stored === undefined) throw new AppError('not_found', 'there is no such import', { field: 'id' })
  return stored
}
