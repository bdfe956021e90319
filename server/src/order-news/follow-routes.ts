import type { Database } from '@stagewatch/db/database.ts'
import { orderFollow } from '@stagewatch/shared/contract/order-action.ts'
import { problem } from '@stagewatch/shared/contract/problem.ts'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { callerOf } from '../access/route-access.ts'
import { requireSeen } from '../order-actions/require-seen.ts'
import { AppError } from '../platform/app-error.ts'
import { refusals } from '../platform/http/problem-answer.ts'
import type { TypedApp } from '../platform/http/typed-app.ts'
import type { SiteRegistry } from '../sites/site-registry.ts'
import { follow, isFollowed, unfollow } from './follows-table.ts'

interface FollowRouteOptions {
  readonly sites: SiteRegistry
  readonly database: Database
}

const config = { access: 'orders.read' } as const
const shared = {
  tags: ['orders'],
  params: z.object({ order: z.string().max(200) }),
  querystring: z.strictObject({ site: z.string().optional() }),
}

/** Routes by which people follow an order. */
export function followRoutes(app: TypedApp, { sites, database }: FollowRouteOptions): void {
  /** @throws AppError `forbidden` for machines, `not_found` for an order that the caller may not see. */
  const follower = async (request: FastifyRequest, number: string) => {
    const caller = callerOf(request)
    if (caller.kind !== 'person' || caller.id === undefined)
      throw new AppError('forbidden', 'only a signed-in user may do that')
    const { head } = await requireSeen(caller, number, { pipeline: await sites.get(caller.site), database })
    return { site: caller.site, order: head.order, person: caller.id }
  }

  app.get('/api/v1/orders/:order/follow', {
    config,
    schema: {
      ...shared,
      summary: 'Whether you follow an order',
      response: { 200: orderFollow, ...refusals, 404: problem },
    },
    handler: async (request) => {
      const { site, order, person } = await follower(request, request.params.order)
      return { isFollowed: await isFollowed(database, site, order, person) }
    },
  })

  app.post('/api/v1/orders/:order/follow', {
    config,
    schema: {
      ...shared,
      summary: 'Follow an order: be notified when it enters a stage, is held, resumed, completed or cancelled',
      response: { 200: orderFollow, ...refusals, 404: problem, 409: problem },
    },
    handler: async (request) => {
      const { site, order, person } = await follower(request, request.params.order)
      await database.transaction((tx) => follow(tx, site, order, person))
      return { isFollowed: true }
    },
  })

  app.delete('/api/v1/orders/:order/follow', {
    config,
    schema: {
      ...shared,
      summary: 'Stop following an order',
      response: { 200: orderFollow, ...refusals, 404: problem },
    },
    handler: async (request) => {
      const { site, order, person } = await follower(request, request.params.order)
      await unfollow(database, site, order, person)
      return { isFollowed: false }
    },
  })
}
