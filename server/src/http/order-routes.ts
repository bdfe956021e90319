import { orderDetail, ordersAnswer, ordersQuery } from '@stagewatch/shared/contract/orders.ts'
import { problem } from '@stagewatch/shared/contract/problem.ts'
import { normalIdentifier } from '@stagewatch/shared/domain/identifier.ts'
import { z } from 'zod'
import { AppError } from '../app-error.ts'
import { audienceOf } from '../access/audience-of.ts'
import { readAs } from '../access/read-as.ts'
import { findOrders } from '../query/find-orders.ts'
import { describeOrder } from '../query/describe-order.ts'
import { questionWithin } from '../query/question-within.ts'
import { refusals } from './refusals.ts'
import { callerOf } from './route-access.ts'
import type { RouteContext, TypedApp } from './route-context.ts'

const tags = ['orders']

export function registerOrderRoutes(app: TypedApp, { sites, clock, database }: RouteContext): void {
  app.get('/api/v1/orders', {
    config: { access: 'orders.read' },
    schema: {
      summary: 'Orders, a page at a time',
      tags,
      querystring: ordersQuery,
      response: { 200: ordersAnswer, ...refusals },
    },
    handler: async (request) => {
      const caller = callerOf(request)
      const { engine, position, privacy } = await sites.get(caller.site)
      const audience = audienceOf(caller, privacy.now)
      const now = clock.now()
      const found = await findOrders(engine, questionWithin(request.query, audience), now, audience.privacy)
      return { ...found, asOf: now, position }
    },
  })

  app.get('/api/v1/orders/:order', {
    config: { access: 'orders.read' },
    schema: {
      summary: 'One order with its visits and events',
      tags,
      params: z.object({ order: z.string().max(200) }),
      querystring: z.strictObject({ site: z.string().optional() }),
      response: { 200: orderDetail, ...refusals, 404: problem },
    },
    handler: async (request) => {
      const caller = callerOf(request)
      const pipeline = await sites.get(caller.site)
      const order = normalIdentifier(request.params.order)
      if (order === undefined) {
        throw new AppError('invalid_text', 'must not hold control or invisible characters', { field: 'order' })
      }
      const now = clock.now()
      const audience = audienceOf(caller, pipeline.privacy.now)
      const question = { site: caller.site, engine: pipeline.engine, now, audience }
      const found = await readAs(database, caller, (tx) => describeOrder(tx, question, order))
      return { ...found, asOf: now, position: pipeline.position }
    },
  })
}
