import {
  cloudEvent,
  cloudEventBatch,
  eventLimits,
  eventsAnswer,
  eventsRequest,
} from '@stagewatch/shared/contract/event.ts'
import { problem } from '@stagewatch/shared/contract/problem.ts'
import type { Database } from '@stagewatch/db/database.ts'
import { z } from 'zod'
import { AppError } from '../platform/app-error.ts'
import { loadImport } from './imports-table.ts'
import { parseEvents, parseSteps } from './parse/parse-events.ts'
import type { ParsedEvents } from './parse/parse-events.ts'
import { validateSender } from './sender-rights.ts'
import { inSlices } from '../platform/in-slices.ts'
import { jsonTypes } from '../platform/http/json-body.ts'
import { callerOf } from '../access/route-access.ts'
import type { TypedApp } from '../platform/http/typed-app.ts'
import type { Clock } from '../platform/clock/clock.ts'
import type { IntakeSites } from './event-intake.ts'
import { refusals } from '../platform/http/problem-answer.ts'

/** `on`: the events are history, as those of a replay; the number of an import: they belong to it. */
export const importHeader = 'x-stagewatch-import'

export function eventRoutes(
  app: TypedApp,
  { sites, clock, database }: { readonly sites: IntakeSites; readonly clock: Clock; readonly database: Database },
): void {
  app.post('/api/v1/events', {
    config: { access: 'events.append' },
    bodyLimit: eventLimits.bytesPerRequest,
    schema: {
      summary: 'Add events to the log',
      description:
        'Answered when the events are durable. A bad event is rejected alone and kept in quarantine. With the header X-Stagewatch-Import: on they are history: nobody is told of what became overdue by then. With the number of an import they belong to it as well, and are taken back when it is undone.',
      tags: ['events'],
      headers: z.object({ [importHeader]: z.string().optional() }),
      consumes: jsonTypes,
      body: z.union([eventsRequest, cloudEvent, cloudEventBatch]),
      response: {
        200: eventsAnswer,
        ...refusals,
        404: problem,
        409: problem,
        413: problem,
        415: problem,
        503: problem,
      },
    },
    // The schema tells the form; the parser judges each event by itself.
    validatorCompiler: () => (value: unknown) => ({ value }),
    handler: async (request) => {
      const caller = callerOf(request)
      const parsed = await parseInSlices(
        request.headers['content-type'] ?? '',
        request.body,
        clock.now(),
        bytesOf(request.headers),
      )
      if (!parsed.ok) throw new AppError(parsed.problem.code, parsed.problem.message)
      const intake = await sites.get(caller.site)
      if (parsed.items.length === 0) {
        return { accepted: 0, duplicate: 0, rejected: 0, results: [], position: intake.position }
      }
      const { kind, id, name, sources, actions } = caller
      const items = validateSender(parsed.items, { sources, mayVoidOthers: actions.has('events.void') })
      const importId = await openImport(database, caller.site, request.headers[importHeader])
      const imported = importId !== undefined || request.headers[importHeader] === 'on'
      return intake.submit({ sender: name, items, imported, importId, ...(kind === 'key' && { keyId: id }) })
    },
  })
}

/** @throws AppError `not_found` when there is no such import, `conflict` when it was undone. */
async function openImport(database: Database, site: string, header: string | undefined): Promise<number | undefined> {
  if (header === undefined || !/^\d{1,15}$/.test(header)) return undefined
  const stored = await loadImport(database, site, Number(header))
  if (stored === undefined) throw new AppError('not_found', 'there is no such import', { field: importHeader })
  if (stored.undoStartedAt !== null) throw new AppError('conflict', 'the import was undone', { field: importHeader })
  return stored.id
}

/** Bytes of a request that is read in one go. */
const smallRequest = 100_000

/** Ten thousand events take longer to read than others should have to wait. */
async function parseInSlices(contentType: string, body: unknown, now: number, bytes: number): Promise<ParsedEvents> {
  if (bytes <= smallRequest) return parseEvents(contentType, body, now)
  return inSlices(parseSteps(contentType, body, now))
}

/** A body that comes in chunks has no length. */
function bytesOf(headers: { readonly 'content-length'?: string | undefined }): number {
  return Number(headers['content-length'] ?? Infinity)
}
