import type { Database } from '@stagewatch/db/database.ts'
import { inbox, inboxRead, pushSettings, pushSubscription } from '@stagewatch/shared/contract/messages.ts'
import { ended } from '@stagewatch/shared/contract/people.ts'
import { problem } from '@stagewatch/shared/contract/problem.ts'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { requireAction } from '../access/caller.ts'
import { callerOf } from '../access/route-access.ts'
import { requireAddress } from '../connections/require-address.ts'
import { AppError } from '../platform/app-error.ts'
import type { Clock } from '../platform/clock/clock.ts'
import { refusals } from '../platform/http/problem-answer.ts'
import type { TypedApp } from '../platform/http/typed-app.ts'
import type { SecretKeys } from '../platform/secret-keys.ts'
import { loadInbox, markRead } from './inbox.ts'
import { deleteSubscription, loadSubscriptions, saveSubscription, vapidKeys } from './push/push-table.ts'

const tags = ['inbox']
const querystring = z.strictObject({ site: z.string().optional() })
const params = z.object({ id: z.string().max(64) })
const config = { access: 'person' } as const

interface InboxRouteOptions {
  readonly database: Database
  readonly clock: Clock
  readonly secrets: SecretKeys
  readonly allowsPrivate: boolean
}

/** Routes of a person's own data: the message centre at a site, and the browsers with push notifications. */
export function inboxRoutes(app: TypedApp, { database, clock, secrets, allowsPrivate }: InboxRouteOptions): void {
  app.get('/api/v1/inbox', {
    config,
    schema: {
      summary: 'Messages to the caller, newest first',
      tags,
      querystring,
      response: { 200: inbox, ...refusals },
    },
    handler: (request) => loadInbox(database, callerOf(request).site, personOf(request)),
  })

  app.post('/api/v1/inbox/read', {
    config,
    schema: {
      summary: 'Mark messages as read: those with the given ids, or all',
      tags,
      querystring,
      body: inboxRead,
      response: { 200: inbox, ...refusals },
    },
    handler: async (request) => {
      const { site } = callerOf(request)
      const person = personOf(request)
      await markRead(database, site, person, request.body.ids, clock.now())
      return loadInbox(database, site, person)
    },
  })

  app.get('/api/v1/push-subscriptions', {
    config,
    schema: {
      summary: 'Browsers in which the caller receives push messages',
      tags,
      querystring,
      response: { 200: pushSettings, ...refusals },
    },
    handler: async (request) => {
      const box = await secrets.boxIfAny()
      if (box === undefined) return { endpoints: [] }
      const { publicKey } = await vapidKeys(database, box)
      const subscriptions = await loadSubscriptions(database, personOf(request), box)
      const endpoints = subscriptions.map(({ id, endpoint, createdAt }) => ({
        id,
        origin: new URL(endpoint).origin,
        createdAt,
      }))
      return { publicKey, endpoints }
    },
  })

  app.post('/api/v1/push-subscriptions', {
    config,
    schema: {
      summary: 'Register this browser for push messages',
      tags,
      querystring,
      body: pushSubscription,
      response: { 200: ended, ...refusals, 409: problem },
    },
    handler: async (request) => {
      await requireAddress(request.body.endpoint, allowsPrivate, 'endpoint')
      const box = await secrets.box()
      const person = personOf(request)
      const id = await database.transaction((tx) => saveSubscription(tx, person, request.body, box, clock.now()))
      return { id }
    },
  })

  app.delete('/api/v1/push-subscriptions/:id', {
    config,
    schema: {
      summary: 'Unregister a browser from push messages',
      tags,
      querystring,
      params,
      response: { 200: ended, ...refusals, 404: problem },
    },
    handler: async (request) => {
      const { id } = request.params
      if (!(await deleteSubscription(database, id, personOf(request)))) {
        throw new AppError('not_found', 'there is no such browser', { field: 'id' })
      }
      return { id }
    },
  })
}

/** Somebody who has left the site cannot read its messages any more. */
function personOf(request: FastifyRequest): string {
  const caller = callerOf(request)
  requireAction(caller, 'board.read')
  const { id } = caller
  if (id === undefined) throw new AppError('forbidden', 'only a signed-in user may do that')
  return id
}
