import type { Database } from '@stagewatch/db/database.ts'
import {
  importBegin,
  importBegun,
  importEnd,
  importList,
  importUndo,
  importUndone,
  importView,
} from '@stagewatch/shared/contract/imports.ts'
import { problem } from '@stagewatch/shared/contract/problem.ts'
import { z } from 'zod'
import { actorOf } from '../access/actor.ts'
import { callerOf } from '../access/route-access.ts'
import { AppError } from '../platform/app-error.ts'
import type { Clock } from '../platform/clock/clock.ts'
import { refusals } from '../platform/http/problem-answer.ts'
import type { TypedApp } from '../platform/http/typed-app.ts'
import type { IntakeSites } from './event-intake.ts'
import { endImport, insertImport, loadImport, loadImports, loadImportsOf, viewOfImport } from './imports-table.ts'
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
  readonly sites: IntakeSites
  readonly database: Database
  readonly clock: Clock
}

/** Imports may bring events of any department. */
export function importRoutes(app: TypedApp, { sites, database, clock }: ImportRouteOptions): void {
  app.get('/api/v1/imports', {
    config: { access: 'site.manage' },
    schema: { summary: 'Imports, the newest first', tags, querystring, response: { 200: importList, ...refusals } },
    handler: async (request) => ({
      imports: (await loadImports(database, callerOf(request).site)).map(viewOfImport),
    }),
  })

  app.get('/api/v1/imports/:id', {
    config: { access: 'site.manage' },
    schema: {
      summary: 'One import',
      tags,
      params,
      querystring,
      response: { 200: importView, ...refusals, 404: problem },
    },
    handler: (request) => requireImport(database, callerOf(request).site, request.params.id),
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
      const id = await insertImport(database, caller.site, request.body, caller.name, clock.now())
      return { id, sameFile: sameFile.map(viewOfImport) }
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
      response: { 200: importView, ...refusals, 404: problem },
    },
    handler: async (request) => {
      const { site } = callerOf(request)
      const { id } = request.params
      await requireImport(database, site, id)
      await endImport(database, site, id, request.body, clock.now())
      return requireImport(database, site, id)
    },
  })

  app.post('/api/v1/imports/:id/undo', {
    config: { access: 'events.void' },
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
  return viewOfImport(stored)
}
