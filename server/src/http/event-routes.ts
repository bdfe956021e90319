import { cloudEvent, cloudEventBatch, eventsAnswer, eventsRequest } from '@stagewatch/shared/contract/event.ts'
import { problem } from '@stagewatch/shared/contract/problem.ts'
import { z } from 'zod'
import { AppError } from '../app-error.ts'
import { parseEvents } from '../ingest/parse/parse-events.ts'
import { jsonTypes } from './json-body.ts'
import { callerOf } from './route-access.ts'
import type { RouteContext, TypedApp } from './route-context.ts'
import { refusals } from './refusals.ts'

export function registerEventRoutes(app: TypedApp, { sites, clock }: RouteContext): void {
  app.post('/api/v1/events', {
    config: { access: 'events.append' },
    schema: {
      summary: 'Add events to the log',
      description: 'Answered when the events are durable. A bad event is rejected alone and kept in quarantine.',
      tags: ['events'],
      consumes: jsonTypes,
      body: z.union([eventsRequest, cloudEvent, cloudEventBatch]),
      response: { 200: eventsAnswer, ...refusals, 413: problem, 415: problem, 503: problem },
    },
    // The schema tells the form; the parser judges each event by itself.
    validatorCompiler: () => (value: unknown) => ({ value }),
    handler: async (request) => {
      const caller = callerOf(request)
      const parsed = parseEvents(request.headers['content-type'] ?? '', request.body, clock.now())
      if (!parsed.ok) throw new AppError(parsed.problem.code, parsed.problem.message)
      // A command may name a site that does not exist yet; a key belongs to one that does.
      const pipeline = await sites.getOrCreate(caller.site)
      if (parsed.items.length === 0) {
        return { accepted: 0, duplicate: 0, rejected: 0, results: [], position: pipeline.position }
      }
      return pipeline.submit({ sender: caller.name, items: parsed.items })
    },
  })
}
