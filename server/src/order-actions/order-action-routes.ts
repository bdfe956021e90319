import type { Database } from '@stagewatch/db/database.ts'
import {
  orderActionAnswer,
  orderActionRequest,
  orderActionsAnswer,
  orderActionsPreview,
  orderActionsRequest,
  orderCorrectionRequest,
  orderPeople,
  orderPeopleQuery,
} from '@stagewatch/shared/contract/order-action.ts'
import { orderProgress } from '@stagewatch/shared/contract/order-progress.ts'
import { problem } from '@stagewatch/shared/contract/problem.ts'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Caller } from '../access/caller.ts'
import { callerOf } from '../access/route-access.ts'
import type { Identity } from '../identity/identity.ts'
import type { Clock } from '../platform/clock/clock.ts'
import { refusals } from '../platform/http/problem-answer.ts'
import type { TypedApp } from '../platform/http/typed-app.ts'
import type { SiteRegistry } from '../sites/site-registry.ts'
import { actOnOrder, actOnOrders, checkOrders } from './act-on-order.ts'
import { correctEvent } from './correct-event.ts'
import type { ActContext } from './desk-events.ts'
import { describeProgress } from './describe-progress.ts'
import { suggestPeople } from './mentions.ts'
import { requireSeen } from './require-seen.ts'

interface OrderActionRouteOptions {
  readonly sites: SiteRegistry
  readonly database: Database
  readonly identity: Identity
  readonly clock: Clock
}

export function orderActionRoutes(app: TypedApp, { sites, database, identity, clock }: OrderActionRouteOptions): void {
  const acting = async (request: FastifyRequest): Promise<{ caller: Caller; context: ActContext }> => {
    const caller = callerOf(request)
    const pipeline = await sites.get(caller.site)
    // The name that others see as the author; a key or a command has no other name.
    const person = caller.kind === 'person' ? await identity.sessions.find(request.headers.cookie ?? '') : undefined
    return { caller, context: { pipeline, database, clock, personName: person?.name ?? caller.name } }
  }

  app.post('/api/v1/orders/:order/actions', {
    config: { access: 'orders.act' },
    schema: {
      summary:
        'Act on an order: start or finish its stage, claim, assign, explain, comment, hold, change its hold, ' +
        'resume, complete or cancel it',
      tags: ['orders'],
      params: z.object({ order: z.string().max(200) }),
      body: orderActionRequest,
      response: { 200: orderActionAnswer, ...refusals, 404: problem, 409: problem },
    },
    handler: async (request) => {
      const { caller, context } = await acting(request)
      return actOnOrder(caller, request.params.order, request.body, context)
    },
  })

  app.get('/api/v1/orders/:order/progress', {
    config: { access: 'orders.act' },
    schema: {
      summary: 'The stage of an order and its possible next stages, for reporting',
      tags: ['orders'],
      params: z.object({ order: z.string().max(200) }),
      querystring: z.strictObject({ site: z.string().optional() }),
      response: { 200: orderProgress, ...refusals, 404: problem },
    },
    handler: async (request) => {
      const caller = callerOf(request)
      const context = { pipeline: await sites.get(caller.site), database, clock }
      return describeProgress(caller, request.params.order, context)
    },
  })

  app.get('/api/v1/orders/:order/people', {
    config: { access: 'orders.act' },
    schema: {
      summary: 'Suggestions of people to mention in a comment on the order',
      tags: ['orders'],
      params: z.object({ order: z.string().max(200) }),
      querystring: orderPeopleQuery,
      response: { 200: orderPeople, ...refusals, 404: problem },
    },
    handler: async (request) => {
      const caller = callerOf(request)
      const context = { pipeline: await sites.get(caller.site), database }
      const order = await requireSeen(caller, request.params.order, context)
      return { people: await suggestPeople(caller, request.query.q, order, context) }
    },
  })

  app.post('/api/v1/orders/:order/corrections', {
    config: { access: 'orders.manage' },
    schema: {
      summary: 'Retract an event of an order, or replace it',
      tags: ['orders'],
      params: z.object({ order: z.string().max(200) }),
      body: orderCorrectionRequest,
      response: { 200: orderActionAnswer, ...refusals, 404: problem, 409: problem },
    },
    handler: async (request) => {
      const { caller, context } = await acting(request)
      return correctEvent(caller, request.params.order, request.body, context)
    },
  })

  app.post('/api/v1/order-actions', {
    config: { access: 'orders.act' },
    schema: {
      summary: 'Apply an action to many orders; an order that is refused does not stop the others',
      tags: ['orders'],
      body: orderActionsRequest,
      response: { 200: orderActionsAnswer, ...refusals },
    },
    handler: async (request) => {
      const { caller, context } = await acting(request)
      return actOnOrders(caller, request.body, context)
    },
  })

  app.post('/api/v1/order-actions/preview', {
    config: { access: 'orders.act' },
    schema: {
      summary: 'Check to which orders an action could be applied now, without applying it',
      tags: ['orders'],
      body: orderActionsPreview,
      response: { 200: orderActionsAnswer, ...refusals },
    },
    handler: async (request) => {
      const { caller, context } = await acting(request)
      return { results: await checkOrders(caller, request.body, context) }
    },
  })
}
