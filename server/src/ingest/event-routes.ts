import { eventLimits } from '@stagewatch/shared/contract/event-limits.ts'
import { cloudEvent, cloudEventBatch, eventsAnswer, eventsRequest } from '@stagewatch/shared/contract/event.ts'
import { problem } from '@stagewatch/shared/contract/problem.ts'
import type { Database } from '@stagewatch/db/database.ts'
import { z } from 'zod'
import { AppError } from '../platform/app-error.ts'
import { loadImport } from './batches/imports-table.ts'
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

/** `on` marks the events as history, like those of a replay; an import number assigns them to that import. */
export const importHeader = 'x-stagewatch-import'

export function eventRoutes(
  app: TypedApp,
  { sites, clock, database }: { readonly sites: IntakeSites; readonly clock: Clock; readonly database: Database },
): void {
  app.post('/api/v1/events', {
    config: { access: 'events.append', json: 'events' },
    bodyLimit: eventLimits.bytesPerRequest,
    schema: {
      summary: 'Add events to the log',
      description:
        'Responds when the events are durable. An invalid event is rejected without affecting the others, and kept in quarantine. With the header X-Stagewatch-Import: on the events are history: nobody is notified of orders that became overdue by then. With the number of an import they also belong to that import, and are retracted when it is undone.',
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
    // The schema only documents the format; the parser validates each event individually.
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

/** @throws AppError `not_found` if there is no such import, `conflict` if it was undone. */
async function openImport(database: Database, site: string, header: string | undefined): Promise<number | undefined> {
  if (header === undefined || !/^\d{1,15}$/.test(header)) return undefined
  const stored = await loadImport(database, site, Number(header))
  if (stored === undefined) throw new AppError('not_found', 'there is no such import', { field: importHeader })
  if (stored.undoStartedAt !== null) throw new AppError('conflict', 'the import was undone', { field: importHeader })
  return stored.id
}

/** Maximum size in bytes of a request that is parsed without yielding. */
const smallRequest = 100_000

/** Parsing ten thousand events would block other requests for too long. */
async function parseInSlices(contentType: string, body: unknown, now: number, bytes: number): Promise<ParsedEvents> {
  if (bytes <= smallRequest) return parseEvents(contentType, body, now)
  return inSlices(parseSteps(contentType, body, now))
}

/** A chunked body has no content length. */
function bytesOf(headers: { readonly 'content-length'?: string | undefined }): number {
  return Number(headers['content-length'] ?? Infinity)
}
