import { randomBytes } from 'node:crypto'
import type { Database } from '@stagewatch/db/database.ts'
import {
  erasure,
  erasureList,
  erasurePreview,
  erasurePreviewRequest,
  erasureRequest,
} from '@stagewatch/shared/contract/erasures.ts'
import { problem } from '@stagewatch/shared/contract/problem.ts'
import { z } from 'zod'
import { actorOf } from '../access/actor.ts'
import { requireOwnDepartments } from '../access/caller.ts'
import { callerOf } from '../access/route-access.ts'
import { streamTable } from '../audit/audit-streams.ts'
import { AppError } from '../platform/app-error.ts'
import type { Clock } from '../platform/clock/clock.ts'
import { refusals } from '../platform/http/problem-answer.ts'
import type { TypedApp } from '../platform/http/typed-app.ts'
import type { ArchiveRunner } from '../retention/archive-runner.ts'
import { countInPlaces } from './erase-from-places.ts'
import { findInPage } from './erase-from-record.ts'
import type { RecordCursor } from './erase-from-record.ts'
import { searchedName } from './erased-places.ts'
import { searchArchives } from './search-archives.ts'
import { countPending, insertErasure, listErasures } from './erasures-table.ts'

const tags = ['administration']
const querystring = z.strictObject({ site: z.string().optional() })

/** Archives that one request looks through, which takes some seconds. */
const maxArchives = 50

/** Removals of a site that are not done. */
const maxPending = 20

interface ErasureRouteOptions {
  readonly database: Database
  readonly clock: Clock
  readonly archiver: Pick<ArchiveRunner, 'directory'>
}

/** Removal of the personal data of a customer or an employee, by the administrators of a whole site. */
export function erasureRoutes(app: TypedApp, { database, clock, archiver }: ErasureRouteOptions): void {
  /** A search reads the whole log, so there is one at a time. */
  let isCounting = false

  app.get('/api/v1/erasures', {
    config: { access: 'site.manage' },
    schema: {
      summary: 'Removals of personal data',
      tags,
      querystring,
      response: { 200: erasureList, ...refusals },
    },
    handler: async (request) => {
      const caller = callerOf(request)
      requireOwnDepartments(caller, undefined)
      return { erasures: await listErasures(database, caller.site) }
    },
  })

  app.post('/api/v1/erasures/preview', {
    config: { access: 'site.manage' },
    schema: {
      summary: 'How often a name is stored; archives are looked through some at a time',
      tags,
      querystring,
      body: erasurePreviewRequest,
      response: { 200: erasurePreview, ...refusals },
    },
    handler: async (request, reply) => {
      const caller = callerOf(request)
      requireOwnDepartments(caller, undefined)
      const { archivesAfter = 0 } = request.body
      const name = searchedName(request.body.name)
      if (isCounting) throw new AppError('overloaded', 'another search for a name is under way', { retryAfterS: 5 })
      isCounting = true
      const gone = new AbortController()
      reply.raw.once('close', () => {
        gone.abort()
        isCounting = false
      })
      const count = async (stream: 'events' | 'changes') => {
        let found = 0
        for (let from: RecordCursor | undefined = { tx: '0', position: '-1' }; from !== undefined;) {
          gone.signal.throwIfAborted()
          const page = await findInPage(database.longRunning, streamTable(stream), caller.site, name, from)
          found += page.changed
          from = page.end
        }
        return found
      }
      const { directory } = archiver
      const { signal } = gone
      const archives = await searchArchives({
        database,
        directory,
        site: caller.site,
        name,
        after: archivesAfter,
        maxArchives,
        signal,
      })
      if (archivesAfter > 0) return { events: 0, rows: 0, archives }
      const events = await count('events')
      const rows = (await count('changes')) + (await countInPlaces(database.longRunning, caller.site, name))
      return { events, rows, archives }
    },
  })

  app.post('/api/v1/erasures', {
    config: { access: 'site.manage', recentProof: true },
    schema: {
      summary: 'Remove a name from everything that is stored, for ever',
      tags,
      querystring,
      body: erasureRequest,
      response: { 200: erasure, ...refusals, 409: problem },
    },
    handler: async (request) => {
      const caller = callerOf(request)
      requireOwnDepartments(caller, undefined)
      const { kind, name, reason } = request.body
      if ((await countPending(database, caller.site)) >= maxPending)
        throw new AppError('conflict', `${maxPending} removals are waiting: ask again when one of them is done`)
      const actor = actorOf(caller)
      const id = randomBytes(9).toString('base64url')
      const pseudonym = `${kind}-${randomBytes(4).toString('hex')}`
      const requested = { id, kind, pseudonym, reason, actor: actor.name, requestedAt: clock.now() }
      await insertErasure(database, { ...requested, site: caller.site, name, actorKind: actor.kind })
      return { ...requested, events: 0, rows: 0 }
    },
  })
}
