import type { Database } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { memberships, users } from '@stagewatch/db/people-schema.ts'
import {
  approvalActed,
  approvalActionRequest,
  approvalDetail,
  approvalList,
  approvalsQuery,
  approverList,
  approversQuery,
  maxSuggestedApprovers,
  orderApprovals,
} from '@stagewatch/shared/contract/approvals.ts'
import { problem } from '@stagewatch/shared/contract/problem.ts'
import { and, asc, eq, isNull, sql } from 'drizzle-orm'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { audienceOf } from '../access/caller.ts'
import { callerOf } from '../access/route-access.ts'
import { requireSeen } from '../order-actions/require-seen.ts'
import { AppError } from '../platform/app-error.ts'
import type { Clock } from '../platform/clock/clock.ts'
import { refusals } from '../platform/http/problem-answer.ts'
import type { TypedApp } from '../platform/http/typed-app.ts'
import type { SiteRegistry } from '../sites/site-registry.ts'
import { actOnApproval, noSuchApproval } from './act-on-approval.ts'
import type { Approvals } from './approvals.ts'
import { loadApproval, loadOfOrder } from './approvals-table.ts'
import type { StoredApproval } from './approvals-table.ts'
import { describeApprovals } from './describe-approval.ts'
import type { ApprovalReading } from './describe-approval.ts'
import { concerns, listApprovals } from './list-approvals.ts'
import { withTranslations } from '../rules/with-translations.ts'

const tags = ['approvals']
const querystring = z.strictObject({ site: z.string().optional() })
const params = z.object({ id: z.string().regex(/^\d{1,15}$/, 'must be the number of an approval') })
/** Maximum number of approvals returned for an order; the newest ones. */
const maxOfOrder = 20

interface ApprovalRouteOptions {
  readonly database: Database
  readonly clock: Clock
  readonly sites: SiteRegistry
  readonly approvals: Approvals
}

export function approvalRoutes(app: TypedApp, { database, clock, sites, approvals }: ApprovalRouteOptions): void {
  const reading = async (request: FastifyRequest): Promise<ApprovalReading> => {
    const caller = callerOf(request)
    const pipeline = await sites.get(caller.site)
    const person = caller.kind === 'person' ? caller.id : undefined
    const audience = audienceOf(caller, pipeline.privacy.now)
    const isManager = caller.role === 'manager' && caller.departments === undefined
    return { db: database, pipeline, audience, person, isManager, now: clock.now() }
  }

  /** An approval is visible to the people it concerns, and to everybody who can see its order. */
  const find = async (
    request: FastifyRequest,
    id: string,
  ): Promise<{ asked: ApprovalReading; approval: StoredApproval; isOrderSeen: boolean }> => {
    const asked = await reading(request)
    const approval = await loadApproval(database, asked.pipeline.site.code, Number(id))
    if (approval === undefined) throw noSuchApproval()
    const isOrderSeen = await seesOrder(request, asked, approval.order)
    if (!isOrderSeen && !(await concerns(asked, approval))) throw noSuchApproval()
    return { asked, approval, isOrderSeen }
  }

  const seesOrder = async (request: FastifyRequest, { pipeline }: ApprovalReading, order: string): Promise<boolean> => {
    try {
      await requireSeen(callerOf(request), order, { pipeline, database })
      return true
    } catch (error) {
      if (error instanceof AppError && error.code === 'not_found') return false
      throw error
    }
  }

  app.get('/api/v1/approvals', {
    config: { access: 'orders.read' },
    schema: {
      summary: 'Approvals that the caller has to decide, has requested, or has decided',
      tags,
      querystring: approvalsQuery,
      response: { 200: approvalList, ...refusals },
    },
    handler: async (request) => {
      const asked = await reading(request)
      return withTranslations(await listApprovals(asked, request.query.segment), asked.pipeline.translations)
    },
  })

  app.get('/api/v1/approvals/:id', {
    config: { access: 'orders.read' },
    schema: {
      summary: 'An approval with its steps, who decided when, and what the caller may do',
      tags,
      querystring,
      params,
      response: { 200: approvalDetail, ...refusals, 404: problem },
    },
    handler: async (request) => {
      const { asked, approval, isOrderSeen } = await find(request, request.params.id)
      const [detail] = await describeApprovals(asked, [approval], isOrderSeen)
      if (detail === undefined) throw noSuchApproval()
      return withTranslations(detail, asked.pipeline.translations)
    },
  })

  app.get('/api/v1/orders/:order/approvals', {
    config: { access: 'orders.read' },
    schema: {
      summary: 'The approvals of an order, newest first',
      tags,
      querystring,
      params: z.object({ order: z.string().max(200) }),
      response: { 200: orderApprovals, ...refusals, 404: problem },
    },
    handler: async (request) => {
      const asked = await reading(request)
      const { head } = await requireSeen(callerOf(request), request.params.order, {
        pipeline: asked.pipeline,
        database,
      })
      const found = await loadOfOrder(database, asked.pipeline.site.code, head.order, maxOfOrder)
      return withTranslations({ approvals: await describeApprovals(asked, found, true) }, asked.pipeline.translations)
    },
  })

  app.post('/api/v1/approvals/:id/actions', {
    config: { access: 'orders.read' },
    schema: {
      summary: 'Approve, reject, add an approver, or delegate; only for those whose decision is pending',
      tags,
      querystring,
      params,
      body: approvalActionRequest,
      response: { 200: approvalActed, ...refusals, 404: problem, 409: problem },
    },
    handler: async (request) => {
      const { asked, approval } = await find(request, request.params.id)
      const { pipeline, person, isManager } = asked
      if (person === undefined) throw new AppError('forbidden', 'only a signed-in user can decide')
      const caller = callerOf(request)
      const acting = { database, pipeline, person, isManager, author: caller, how: 'desk' } as const
      await actOnApproval(acting, approval.id, request.body, clock.now())
      await approvals.acted()
      return { id: approval.id }
    },
  })

  app.get('/api/v1/approvals/:id/people', {
    config: { access: 'orders.read' },
    schema: {
      summary: 'Suggestions of people to add as approvers or to delegate the approval to',
      tags,
      querystring: approversQuery,
      params,
      response: { 200: approverList, ...refusals, 404: problem },
    },
    handler: async (request) => {
      const { asked, approval, isOrderSeen } = await find(request, request.params.id)
      const [detail] = await describeApprovals(asked, [approval], isOrderSeen)
      const mayAsk = detail?.mayDecide === true || (detail?.mayHandOver.length ?? 0) > 0
      if (!mayAsk || asked.audience.privacy.people !== 'shown') return { people: [] }
      const people = await drizzleOn(database)
        .select({ id: users.id, name: users.name })
        .from(memberships)
        .innerJoin(users, eq(users.id, memberships.userId))
        .where(
          and(
            eq(memberships.site, asked.pipeline.site.code),
            isNull(users.disabledAt),
            sql`position(lower(${request.query.q}) in lower(${users.name})) > 0`,
            sql`not (${users.id} = any(${sql.param([...approval.requesterIds, asked.person ?? ''])}::text[]))`,
          ),
        )
        .orderBy(asc(users.name), asc(users.id))
        .limit(maxSuggestedApprovers)
      return { people }
    },
  })
}
