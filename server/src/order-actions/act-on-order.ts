import { isDeepStrictEqual } from 'node:util'
import type { Database } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { events } from '@stagewatch/db/schema.ts'
import type { OrderAction, OrderActionAnswer, OrderActionRequest } from '@stagewatch/shared/contract/order-action.ts'
import { isInScope, orderInScope } from '@stagewatch/shared/domain/access/department-scope.ts'
import type { DepartmentScope } from '@stagewatch/shared/domain/access/department-scope.ts'
import type { Action } from '@stagewatch/shared/domain/access/action.ts'
import { and, eq } from 'drizzle-orm'
import { normalIdentifier } from '@stagewatch/shared/domain/identifier.ts'
import type { EventData, EventType, OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import { audienceOf, requireAction } from '../access/caller.ts'
import type { Caller } from '../access/caller.ts'
import { parseStored } from '../ingest/parse/parse-events.ts'
import { AppError } from '../platform/app-error.ts'
import type { Clock } from '../platform/clock/clock.ts'
import { loadOrders } from '../projection/load-orders.ts'
import type { SitePipeline } from '../sites/site-pipeline.ts'

/** Under which the log keeps what people do from pages of the product. */
const deskSource = 'desk'

/** What each needs. */
const needs: Readonly<Record<OrderAction['action'], Action>> = {
  claim: 'orders.act',
  explain: 'orders.act',
  comment: 'orders.act',
  hold: 'orders.act',
  resume: 'orders.act',
  assign: 'orders.manage',
  complete: 'orders.manage',
  cancel: 'orders.manage',
}

export interface ActContext {
  readonly pipeline: SitePipeline
  readonly database: Database
  readonly clock: Clock
  /** What the person is called. */
  readonly personName: string
}

/**
 * Does something to one order: appends the event that says so, as every source does.
 * @throws AppError `forbidden`; `not_found`, also for an order of other departments; `conflict` when the order is in
 * another stage by now, or in a state in which that cannot be done; `overloaded`.
 */
export async function actOnOrder(
  caller: Caller,
  number: string,
  { id, stage, do: action }: OrderActionRequest,
  { pipeline, database, clock, personName }: ActContext,
): Promise<OrderActionAnswer> {
  requireAction(caller, needs[action.action])
  const order = normalIdentifier(number)
  const known = order === undefined ? undefined : pipeline.engine.order(order)
  const { departments } = audienceOf(caller, pipeline.privacy.now)
  const current = pipeline.engine.open.get(known?.openSlot)
  const isSeen =
    known !== undefined &&
    (isInScope(departments, known.head.attributes, current?.visit) ||
      (current === undefined && (await wasSeen(database, caller.site, known.head.order, departments))))
  if (!isSeen) throw new AppError('not_found', 'there is no such order', { field: 'order' })
  if (current?.visit.stage !== stage) {
    throw new AppError('conflict', 'the order has moved on to another stage since the page was read', {
      field: 'stage',
    })
  }
  requireState(action, known.head)
  const { type, data } = eventOf(action, personName)
  const event = {
    source: deskSource,
    id,
    type,
    order: known.head.order,
    occurredAt: new Date(clock.now()).toISOString(),
    actor: personName,
    data: { ...data, ...(caller.id !== undefined && { personId: caller.id }) },
  }
  const answer = await pipeline.submit({ sender: caller.name, items: [parseStored(event, 0, clock.now())] })
  const [result] = answer.results
  const isRefused = result?.status === 'rejected' && !(await isDone(database, caller.site, event))
  if (isRefused) throw new AppError(result.code, result.message)
  return { position: answer.position }
}

/** Whether the log has the event already, but for when it occurred: the request was sent again. */
async function isDone(
  database: Database,
  site: string,
  {
    id,
    type,
    order,
    actor,
    data,
  }: { readonly id: string; readonly type: EventType } & Pick<OrderEvent, 'order' | 'actor' | 'data'>,
): Promise<boolean> {
  const [stored] = await drizzleOn(database)
    .select({ type: events.type, order: events.orderId, actor: events.actor, data: events.data })
    .from(events)
    .where(and(eq(events.site, site), eq(events.source, deskSource), eq(events.id, id)))
  return stored !== undefined && isDeepStrictEqual({ ...stored }, { type, order, actor, data })
}

/** Whether an order that is in no stage now was in one of the departments before. */
async function wasSeen(
  database: Database,
  site: string,
  order: string,
  departments: DepartmentScope,
): Promise<boolean> {
  const [stored] = await loadOrders(database, site, [order])
  return stored?.state !== undefined && orderInScope(stored.state, departments) !== undefined
}

/** @throws AppError `conflict` */
function requireState({ action }: OrderAction, head: { readonly status: string; readonly heldSince?: number }): void {
  const isHeld = head.heldSince !== undefined
  if (action === 'comment') return
  if (head.status !== 'open') throw new AppError('conflict', 'the order has ended', { field: 'do' })
  if (action === 'hold' && isHeld) throw new AppError('conflict', 'the order is on hold already', { field: 'do' })
  if (action === 'resume' && !isHeld) throw new AppError('conflict', 'the order is not on hold', { field: 'do' })
}

function eventOf(action: OrderAction, personName: string): { readonly type: EventType; readonly data: EventData } {
  switch (action.action) {
    case 'claim':
      return { type: 'order.assigned', data: { owner: personName } }
    case 'assign':
      return { type: 'order.assigned', data: withReason({ owner: action.owner }, action.reason) }
    case 'explain':
      return { type: 'note.added', data: { reason: action.reason } }
    case 'comment':
      return { type: 'note.added', data: { comment: action.comment } }
    case 'hold':
      return { type: 'order.held', data: { reason: action.reason } }
    case 'resume':
      return { type: 'order.resumed', data: withReason({}, action.reason) }
    case 'complete':
      return { type: 'order.completed', data: withReason({}, action.reason) }
    case 'cancel':
      return { type: 'order.cancelled', data: { reason: action.reason } }
  }
}

function withReason(data: EventData, reason: string | undefined): EventData {
  return reason === undefined ? data : { ...data, reason }
}
