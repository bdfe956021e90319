import type { Database } from '@stagewatch/db/database.ts'
import type {
  OrderAction,
  OrderActionAnswer,
  OrderActionRequest,
  OrderActionsAnswer,
  OrderActionsPreview,
  OrderActionsRequest,
} from '@stagewatch/shared/contract/order-action.ts'
import { isInScope, orderInScope } from '@stagewatch/shared/domain/access/department-scope.ts'
import type { DepartmentScope } from '@stagewatch/shared/domain/access/department-scope.ts'
import type { Action } from '@stagewatch/shared/domain/access/action.ts'
import { normalIdentifier } from '@stagewatch/shared/domain/identifier.ts'
import type { EventData, EventType } from '@stagewatch/shared/domain/order-event.ts'
import { audienceOf, requireAction } from '../access/caller.ts'
import type { Caller } from '../access/caller.ts'
import { AppError } from '../platform/app-error.ts'
import { loadOrders } from '../projection/load-orders.ts'
import { appendDeskEvents, deskSource } from './desk-events.ts'
import type { ActContext, DeskEvent } from './desk-events.ts'

type ActionName = OrderAction['action']

/** What each needs. */
const needs: Readonly<Record<ActionName, Action>> = {
  claim: 'orders.act',
  explain: 'orders.act',
  comment: 'orders.act',
  hold: 'orders.act',
  resume: 'orders.act',
  assign: 'orders.manage',
  complete: 'orders.manage',
  cancel: 'orders.manage',
}

interface ActedOrder {
  readonly order: string
  /** See `OrderActionRequest`. */
  readonly stage?: string | undefined
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
  context: ActContext,
): Promise<OrderActionAnswer> {
  const order = await requireActed(caller, { order: number, stage }, action.action, context)
  const [refusal, position] = await appendDeskEvents(caller, [eventOf({ id, order, action }, caller, context)], context)
  if (refusal[0] !== undefined) throw new AppError(refusal[0].code, refusal[0].message)
  return { position }
}

/**
 * Does the same to many orders, in one transaction as far as the log takes it.
 * @throws AppError `forbidden`, `overloaded`.
 */
export async function actOnOrders(
  caller: Caller,
  { id, orders, do: action }: OrderActionsRequest,
  context: ActContext,
): Promise<OrderActionsAnswer> {
  const checked = await checkOrders(caller, { orders, action: action.action }, context)
  const done = checked.flatMap(({ order, refused }, index) => (refused === undefined ? [{ order, index }] : []))
  if (done.length === 0) return { results: checked }
  const said = done.map(({ order, index }) => eventOf({ id: `${id}-${index}`, order, action }, caller, context))
  const [refusals, position] = await appendDeskEvents(caller, said, context)
  const results = [...checked]
  for (const [place, { order, index }] of done.entries()) {
    const refused = refusals[place]
    if (refused !== undefined) results[index] = { order, refused }
  }
  return { position, results }
}

/** What of them could be done now. @throws AppError `forbidden`. */
export async function checkOrders(
  caller: Caller,
  { orders, action }: OrderActionsPreview,
  context: ActContext,
): Promise<OrderActionsAnswer['results']> {
  requireAction(caller, needs[action])
  const results: OrderActionsAnswer['results'] = []
  const seen = new Set<string>()
  for (const acted of orders) {
    try {
      const order = await requireActed(caller, acted, action, context)
      if (seen.has(order)) throw new AppError('conflict', 'the order is named twice', { field: 'order' })
      seen.add(order)
      results.push({ order })
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      const { code, message, field } = error
      results.push({ order: acted.order, refused: { code, message, ...(field !== undefined && { field }) } })
    }
  }
  return results
}

/**
 * @returns the number of the order as it is known.
 * @throws AppError, see `actOnOrder`.
 */
async function requireActed(
  caller: Caller,
  { order: number, stage }: ActedOrder,
  action: ActionName,
  { pipeline, database }: ActContext,
): Promise<string> {
  requireAction(caller, needs[action])
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
  return known.head.order
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
function requireState(action: ActionName, head: { readonly status: string; readonly heldSince?: number }): void {
  const isHeld = head.heldSince !== undefined
  if (action === 'comment') return
  if (head.status !== 'open') throw new AppError('conflict', 'the order has ended', { field: 'do' })
  if (action === 'hold' && isHeld) throw new AppError('conflict', 'the order is on hold already', { field: 'do' })
  if (action === 'resume' && !isHeld) throw new AppError('conflict', 'the order is not on hold', { field: 'do' })
}

/** The event that says what the person does. */
function eventOf(
  { id, order, action }: { readonly id: string; readonly order: string; readonly action: OrderAction },
  caller: Caller,
  { clock, personName }: ActContext,
): DeskEvent {
  const { type, data } = saidBy(action, personName)
  return {
    source: deskSource,
    id,
    type,
    order,
    occurredAt: new Date(clock.now()).toISOString(),
    actor: personName,
    data: { ...data, ...(caller.id !== undefined && { personId: caller.id }) },
  }
}

function saidBy(action: OrderAction, personName: string): { readonly type: EventType; readonly data: EventData } {
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
