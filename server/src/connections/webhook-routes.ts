import { randomUUID } from 'node:crypto'
import type { Database } from '@stagewatch/db/database.ts'
import { ended } from '@stagewatch/shared/contract/people.ts'
import { problem } from '@stagewatch/shared/contract/problem.ts'
import { deliveriesQuery, deliveryList, deliveryQueued } from '@stagewatch/shared/contract/webhooks.ts'
import { webhook, webhookList, webhookRequest, webhookSecret } from '@stagewatch/shared/contract/webhooks.ts'
import { z } from 'zod'
import { callerOf } from '../access/route-access.ts'
import { AppError } from '../platform/app-error.ts'
import type { Clock } from '../platform/clock/clock.ts'
import { expectedVersion } from '../platform/edit-version.ts'
import { refusals } from '../platform/http/problem-answer.ts'
import type { TypedApp } from '../platform/http/typed-app.ts'
import { addDeliveries, loadDeliveries, loadDelivery, repeatDelivery } from './deliveries-table.ts'
import { noSuchWebhook } from './manage-webhooks.ts'
import type { Webhooks } from './manage-webhooks.ts'
import { loadWebhook } from './webhooks-table.ts'

const tags = ['webhooks']
const querystring = z.strictObject({ site: z.string().optional() })
const params = z.object({ id: z.string() })
const config = { access: 'site.manage' } as const
/** Sending data of the site elsewhere, or showing a secret, requires a recent confirmation of identity. */
const provenConfig = { access: 'site.manage', recentProof: true } as const
const notFound = { ...refusals, 404: problem }

interface WebhookRouteOptions {
  readonly database: Database
  readonly clock: Clock
  readonly webhooks: Webhooks
}

export function webhookRoutes(app: TypedApp, { database, clock, webhooks }: WebhookRouteOptions): void {
  app.get('/api/v1/webhooks', {
    config,
    schema: { summary: 'Webhooks of the site', tags, querystring, response: { 200: webhookList, ...refusals } },
    handler: async (request) => ({ webhooks: await webhooks.list(callerOf(request).site) }),
  })

  app.post('/api/v1/webhooks', {
    config: provenConfig,
    schema: {
      summary: 'Create a webhook',
      tags,
      querystring,
      body: webhookRequest,
      response: { 200: webhookSecret, ...refusals, 409: problem },
    },
    handler: (request) => webhooks.create(request.body, callerOf(request)),
  })

  app.put('/api/v1/webhooks/:id', {
    config: provenConfig,
    schema: {
      summary: 'Change a webhook',
      tags,
      querystring,
      params,
      body: webhookRequest,
      response: { 200: webhook, ...notFound, 409: problem },
    },
    handler: (request) =>
      webhooks.change(request.params.id, request.body, callerOf(request), expectedVersion(request.headers)),
  })

  app.delete('/api/v1/webhooks/:id', {
    config,
    schema: { summary: 'Delete a webhook', tags, querystring, params, response: { 200: ended, ...notFound } },
    handler: async (request) => {
      await webhooks.delete(request.params.id, callerOf(request))
      return { id: request.params.id }
    },
  })

  app.post('/api/v1/webhooks/:id/rotate-secret', {
    config: provenConfig,
    schema: {
      summary: 'Replace the secret of a webhook; for a day, messages are also signed with the previous one',
      tags,
      querystring,
      params,
      response: { 200: webhookSecret, ...notFound, 409: problem },
    },
    handler: (request) => webhooks.rotateSecret(request.params.id, callerOf(request)),
  })

  app.post('/api/v1/webhooks/:id/test', {
    config,
    schema: {
      summary: 'Send a message of type webhook.test',
      tags,
      querystring,
      params,
      response: { 200: deliveryQueued, ...notFound },
    },
    handler: async (request) => {
      const { site } = callerOf(request)
      const webhookId = request.params.id
      return database.transaction(async (tx) => {
        if ((await loadWebhook(tx, site, webhookId)) === undefined) throw noSuchWebhook()
        const test = { webhookId, subject: `test:${randomUUID()}`, type: 'webhook.test', data: { site } } as const
        const [id = ''] = await addDeliveries(tx, site, [test], clock.now())
        return { id }
      })
    },
  })

  app.get('/api/v1/webhooks/:id/deliveries', {
    config,
    schema: {
      summary: 'Messages to a webhook and their delivery states',
      tags,
      querystring: deliveriesQuery,
      params,
      response: { 200: deliveryList, ...notFound },
    },
    handler: async (request) => {
      const { site } = callerOf(request)
      const { id } = request.params
      const { cursor, limit } = request.query
      if ((await loadWebhook(database, site, id)) === undefined) throw noSuchWebhook()
      const deliveries = await loadDeliveries(database, site, id, { before: cursor, limit })
      const last = deliveries.length === limit ? deliveries.at(-1) : undefined
      return { deliveries, ...(last !== undefined && { cursor: last.id }) }
    },
  })

  app.post('/api/v1/webhooks/:id/deliveries/:delivery/redeliver', {
    config,
    schema: {
      summary: 'Resend a message under the same id',
      tags,
      querystring,
      params: params.extend({ delivery: z.string() }),
      response: { 200: deliveryQueued, ...notFound },
    },
    handler: async (request) => {
      const { site } = callerOf(request)
      const { id, delivery } = request.params
      await database.transaction(async (tx) => {
        const stored = await loadDelivery(tx, site, delivery)
        if (stored?.webhookId !== id) {
          throw new AppError('not_found', 'there is no such delivery', { field: 'delivery' })
        }
        await repeatDelivery(tx, site, delivery, clock.now())
      })
      return { id: delivery }
    },
  })
}
