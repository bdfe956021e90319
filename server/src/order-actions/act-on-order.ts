import type {
  OrderAction,
  OrderActionAnswer,
  OrderActionRequest,
  OrderActionsAnswer,
  OrderActionsPreview,
  OrderActionsRequest,
} from '@stagewatch/shared/contract/order-action.ts'
import { isHoldEnd, holdEndWords } from '@stagewatch/shared/contract/event.ts'
import type { Action } from '@stagewatch/shared/domain/access/action.ts'
import { latestHoldEnd } from '@stagewatch/shared/domain/hold-reason.ts'
import { isOnHold } from '@stagewatch/shared/domain/hold-time.ts'
import { requireAction } from '../access/caller.ts'
import type { Caller } from '../access/caller.ts'
import type { EngineOrder } from '../engine/engine-order.ts'
import { AppError } from '../platform/app-error.ts'
import { actionEvent } from './action-event.ts'
import { appendDeskEvents, findAppended } from './desk-events.ts'
import type { ActContext } from './desk-events.ts'
import { requireMentioned } from './mentions.ts'
import { isReport, reportAction } from './report-action.ts'
import { requireSeen } from './require-seen.ts'

type ActionName = OrderAction['action']

/** What each needs. */
const needs: Readonly<Record<ActionName, Action>> = {
  claim: 'orders.act',
  acknowledge: 'orders.act',
  explain: 'orders.act',
  comment: 'orders.act',
  hold: 'orders.act',
  changeHold: 'orders.act',
  resume: 'orders.act',
  start: 'orders.act',
  finish: 'orders.act',
  assign: 'orders.manage',
  complete: 'orders.manage',
  cancel: 'orders.manage',
}

/**
 * Does something to one order: appends the event that says so, as every source does. What was done already by the same
 * request is not done again, and answered as done.
 * @throws AppError `forbidden`; `not_found`, also for an order of other departments; `conflict` when the order is in
 * another stage by now, or in a state in which that cannot be done; `invalid_field`; `overloaded`.
 */
export async function actOnOrder(
  caller: Caller,
  number: string,
  request: OrderActionRequest,
  context: ActContext,
): Promise<OrderActionAnswer> {
  const { id, stage, do: action, person } = request
  requireAction(caller, needs[action.action])
  if (person !== undefined && person !== caller.id) {
    throw new AppError('conflict', 'somebody else is signed in by now', { field: 'person' })
  }
  if (isReport(request)) return reportAction(caller, number, request, context)
  const order = await requireSeen(caller, number, context)
  const mentions = action.action === 'comment' ? await requireMentioned(caller, action.mentions, order, context) : []
  const event = actionEvent({ id, order: order.head.order, action, mentions }, caller, context)
  const appended = await findAppended(context.database, caller.site, [event])
  if (appended.has(id)) return { position: context.pipeline.position }
  requireHoldEnd(action, context)
  requireActable(action.action, order, stage, context)
  requireHoldReason(action, order, context)
  const [[refusal], position] = await appendDeskEvents(caller, [event], context)
  if (refusal !== undefined) throw new AppError(refusal.code, refusal.message)
  return { position }
}

/**
 * Does the same to many orders, in one transaction as far as the log takes it.
 * @throws AppError `forbidden`, `invalid_field`, `overloaded`.
 */
export async function actOnOrders(
  caller: Caller,
  { id, orders, do: action }: OrderActionsRequest,
  context: ActContext,
): Promise<OrderActionsAnswer> {
  requireAction(caller, needs[action.action])
  if (action.action === 'comment' && action.mentions !== undefined) {
    throw new AppError('invalid_field', 'people are mentioned in the comment of one order at a time', {
      field: 'do.mentions',
      reason: 'too_many',
    })
  }
  const found = await findActed(caller, orders, context)
  const said = found.flatMap(({ known, refused, stage }, index) => {
    if (known === undefined || refused !== undefined) return []
    const event = actionEvent({ id: `${id}-${index}`, order: known.head.order, action }, caller, context)
    return [{ known, index, stage, event }]
  })
  const appended = await findAppended(
    context.database,
    caller.site,
    said.map(({ event }) => event),
  )
  const left = said.filter(({ event }) => !appended.has(event.id))
  if (left.length > 0) requireHoldEnd(action, context)
  const results = found.map(resultOf)
  const possible = left.filter(({ known, stage, index }) => {
    const refused = refusalOf(() => {
      requireActable(action.action, known, stage, context)
      requireHoldReason(action, known, context)
    })
    if (refused !== undefined) results[index] = { order: known.head.order, refused }
    return refused === undefined
  })
  if (possible.length === 0) {
    return { results, ...(appended.size > 0 && { position: context.pipeline.position }) }
  }
  const events = possible.map(({ event }) => event)
  const [refusals, position] = await appendDeskEvents(caller, events, context)
  for (const [place, { known, index }] of possible.entries()) {
    const refused = refusals[place]
    if (refused !== undefined) results[index] = { order: known.head.order, refused }
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
  const found = await findActed(caller, orders, context)
  return found.map((acted) => {
    const { known, stage } = acted
    if (known === undefined || acted.refused !== undefined) return resultOf(acted)
    const refused = refusalOf(() => requireActable(action, known, stage, context))
    return resultOf({ ...acted, ...(refused !== undefined && { refused }) })
  })
}

type Result = OrderActionsAnswer['results'][number]

/** An order that is named in a request. */
interface ActedOrder extends Result {
  /** See `OrderActionRequest`. */
  readonly stage?: string | undefined
  /** Undefined: the caller sees no such order. */
  readonly known?: EngineOrder
}

/** Each of them as it is known, or why nothing can be done to it. */
async function findActed(
  caller: Caller,
  orders: OrderActionsRequest['orders'],
  context: ActContext,
): Promise<ActedOrder[]> {
  const acted: ActedOrder[] = []
  const named = new Set<string>()
  for (const { order: number, stage } of orders) {
    const found = await requireSeen(caller, number, context).catch(refusalFrom)
    if ('code' in found) {
      acted.push({ order: number, refused: found })
      continue
    }
    const { order } = found.head
    const twice = { code: 'conflict' as const, message: 'the order is named twice', field: 'order' }
    acted.push({ order, stage, known: found, ...(named.has(order) && { refused: twice }) })
    named.add(order)
  }
  return acted
}

function resultOf({ order, refused }: ActedOrder): Result {
  return { order, ...(refused !== undefined && { refused }) }
}

function refusalOf(check: () => void): Result['refused'] {
  try {
    check()
  } catch (error) {
    return refusalFrom(error)
  }
  return undefined
}

function refusalFrom(error: unknown): NonNullable<Result['refused']> {
  if (!(error instanceof AppError)) throw error
  const { code, message, field } = error
  return { code, message, ...(field !== undefined && { field }) }
}

/** @throws AppError `conflict` when the order has moved on, or is in a state in which that cannot be done. */
function requireActable(
  action: ActionName,
  { head, openSlot }: EngineOrder,
  stage: string | undefined,
  { pipeline, clock }: ActContext,
): void {
  const visit = pipeline.engine.open.get(openSlot)?.visit
  if (visit?.stage !== stage) {
    throw new AppError('conflict', 'the order has moved on to another stage since the page was read', {
      field: 'stage',
    })
  }
  if (action === 'comment') return
  const refuse = (message: string): AppError => new AppError('conflict', message, { field: 'do' })
  if (head.status !== 'open') throw refuse('the order has ended')
  const isHeld = isOnHold(head, clock.now())
  if (action === 'hold' && isHeld) throw refuse('the order is on hold already')
  if ((action === 'resume' || action === 'changeHold') && !isHeld) throw refuse('the order is not on hold')
  if (action !== 'acknowledge') return
  if (visit === undefined) throw refuse('the order is in no stage')
  if (visit.acknowledged !== undefined) throw refuse('the order has been acknowledged already')
}

/** @throws AppError `invalid_field` */
function requireHoldEnd(action: OrderAction, { clock }: ActContext): void {
  if (action.action !== 'hold' && action.action !== 'changeHold') return
  if (!isHoldEnd(action.until, clock.now()))
    throw new AppError('invalid_field', holdEndWords, { field: 'do.until', reason: 'out_of_order' })
}

/** @throws AppError `invalid_field` when the stage allows no hold for so long for this reason. */
function requireHoldReason(
  action: OrderAction,
  { head, process, openSlot }: EngineOrder,
  { pipeline, clock }: ActContext,
): void {
  if (action.action !== 'hold' && action.action !== 'changeHold') return
  const { reason, until } = action
  const stage = pipeline.engine.open.get(openSlot)?.visit.stage
  const holdReasons = stage === undefined ? undefined : process.stage(stage)?.definition.holdReasons
  const heldSince = action.action === 'hold' ? clock.now() : (head.heldSince ?? clock.now())
  const latest = latestHoldEnd(holdReasons, reason, heldSince)
  if (latest === undefined || (until !== undefined && until <= latest)) return
  const message = `a hold for this reason ends by ${new Date(latest).toISOString()} at the latest; say until when`
  const why = until === undefined ? 'missing' : 'out_of_order'
  throw new AppError('invalid_field', message, { field: 'do.until', reason: why })
}
