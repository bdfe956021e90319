import type { Database } from '@stagewatch/db/database.ts'
import { departmentText } from '@stagewatch/shared/contract/departments.ts'
import {
  currentShift,
  currentShiftQuery,
  handoverConfirmation,
  handoverDetail,
  handoverList,
  handoverNoteRequest,
  handoverSettings,
  handoverSettingsView,
  handoversQuery,
} from '@stagewatch/shared/contract/handover.ts'
import { problem } from '@stagewatch/shared/contract/problem.ts'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { callerOf } from '../access/route-access.ts'
import type { Identity } from '../identity/identity.ts'
import { AppError } from '../platform/app-error.ts'
import type { Clock } from '../platform/clock/clock.ts'
import { expectedVersion } from '../platform/edit-version.ts'
import { refusals } from '../platform/http/problem-answer.ts'
import type { TypedApp } from '../platform/http/typed-app.ts'
import type { SiteRegistry } from '../sites/site-registry.ts'
import { changeSettings, confirmHandover, removeNote, writeNote } from './change-handovers.ts'
import { describeHandover, describeHandovers, describeSettings, describeShift } from './describe-handovers.ts'
import type { HandoverReading } from './describe-handovers.ts'

const tags = ['handovers']
const querystring = z.strictObject({ site: z.string().optional() })
const params = z.object({ id: z.string().regex(/^\d{1,15}$/, 'must be the number of a handover') })
const done = z.object({ id: z.string() })
const notFound = { ...refusals, 404: problem }
const changing = { ...notFound, 409: problem }

interface HandoverRouteOptions {
  readonly database: Database
  readonly clock: Clock
  readonly sites: SiteRegistry
  readonly identity: Identity
}

/** Routes for the state of a department at the end of its shifts, notes for the next shift, and confirmations. */
export function handoverRoutes(app: TypedApp, { database, clock, sites, identity }: HandoverRouteOptions): void {
  const reading = async (request: FastifyRequest): Promise<HandoverReading> => {
    const caller = callerOf(request)
    return { database, pipeline: await sites.get(caller.site), caller, now: clock.now() }
  }

  app.get('/api/v1/handover', {
    config: { access: 'orders.read' },
    schema: {
      summary: 'How the current shift of a department stands so far',
      tags,
      querystring: currentShiftQuery,
      response: { 200: currentShift, ...notFound },
    },
    handler: async (request) => describeShift(await reading(request), request.query.department),
  })

  app.get('/api/v1/handovers', {
    config: { access: 'orders.read' },
    schema: {
      summary: 'Handovers of shifts, the newest first',
      tags,
      querystring: handoversQuery,
      response: { 200: handoverList, ...notFound },
    },
    handler: async (request) => {
      const { site: _site, ...question } = request.query
      return describeHandovers(await reading(request), question)
    },
  })

  app.get('/api/v1/handovers/:id', {
    config: { access: 'orders.read' },
    schema: {
      summary: 'A handover with its notes',
      tags,
      querystring,
      params,
      response: { 200: handoverDetail, ...notFound },
    },
    handler: async (request) => describeHandover(await reading(request), Number(request.params.id)),
  })

  app.get('/api/v1/handover-settings/:key', {
    config: { access: 'team.manage' },
    schema: {
      summary: 'Whether the shifts of a department are handed over, and to whom',
      tags,
      querystring,
      params: z.object({ key: departmentText }),
      response: { 200: handoverSettingsView, ...notFound },
    },
    handler: async (request) => describeSettings(await reading(request), request.params.key),
  })

  app.put('/api/v1/handover-settings/:key', {
    config: { access: 'team.manage' },
    schema: {
      summary: 'Say whether the shifts of a department are handed over, and to whom',
      tags,
      querystring,
      params: z.object({ key: departmentText }),
      body: handoverSettings,
      response: { 200: handoverSettingsView, ...changing },
    },
    handler: async (request) => {
      const acting = await reading(request)
      const { key } = request.params
      await changeSettings(acting, key, request.body, expectedVersion(request.headers))
      return describeSettings(acting, key)
    },
  })

  app.post('/api/v1/handover-notes', {
    config: { access: 'orders.act' },
    schema: {
      summary: 'Write a note for whoever takes the shift over',
      tags,
      querystring,
      body: handoverNoteRequest,
      response: { 200: done, ...changing },
    },
    handler: async (request) => {
      const acting = await reading(request)
      const person = await requirePerson(request)
      await writeNote(acting, request.body, person.name)
      return { id: request.body.department }
    },
  })

  app.delete('/api/v1/handover-notes/:id', {
    config: { access: 'orders.act' },
    schema: {
      summary: 'Delete a note of your own, until its handover is confirmed',
      tags,
      querystring,
      params: z.object({ id: z.string().max(64) }),
      response: { 200: done, ...changing },
    },
    handler: async (request) => {
      const acting = await reading(request)
      await removeNote(acting, request.params.id)
      return { id: request.params.id }
    },
  })

  app.post('/api/v1/handovers/:id/confirm', {
    config: { access: 'orders.act' },
    schema: {
      summary: 'Take a handover over; not for who hands it over',
      tags,
      querystring,
      params,
      body: handoverConfirmation,
      response: { 200: handoverDetail, ...changing },
    },
    handler: async (request) => {
      const acting = await reading(request)
      const id = Number(request.params.id)
      await confirmHandover(acting, id, request.body)
      return describeHandover(acting, id)
    },
  })

  /** Requires a person, because a handover goes from one person to another. @throws AppError `forbidden`. */
  const requirePerson = async (request: FastifyRequest) => {
    const found =
      callerOf(request).kind === 'person' ? await identity.sessions.find(request.headers.cookie ?? '') : undefined
    if (found === undefined) throw new AppError('forbidden', 'notes are written by people')
    return found
  }
}
