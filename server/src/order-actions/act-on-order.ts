import type {
  OrderAction,
  OrderActionAnswer,
  OrderActionRequest,
  OrderActionsAnswer,
  OrderActionsPreview,
  OrderActionsRequest,
} from '@stagewatch/shared/contract/order-action.ts'
import { isHoldEnd, holdEndWords } from '@stagewatch/shared/contract/event-limits.ts'
import { otherOpenVisits } from '@stagewatch/shared/domain/all-visits.ts'
import type { Action } from '@stagewatch/shared/domain/access/action.ts'
import { isInScope } from '@stagewatch/shared/domain/access/department-scope.ts'
import { latestHoldEnd, isOnHold } from '@stagewatch/shared/domain/holds.ts'
import { mayNameActivity } from '@stagewatch/shared/domain/order-event.ts'
import type { StageVisit } from '@stagewatch/shared/domain/stage-visit.ts'
import { audienceOf, requireAction } from '../access/caller.ts'
import type { Caller } from '../access/caller.ts'
import type { EngineOrder } from '../engine/engine-order.ts'
import { AppError } from '../platform/app-error.ts'
import { actionEvent } from './action-event.ts'
import { appendDeskEvents, findAppended } from './desk-events.ts'
import type { ActContext, DeskEvent } from './desk-events.ts'
import { requireMentioned } from './mentions.ts'
import { isReport, reportAction } from './report-action.ts'
import { requireSeen } from './require-seen.ts'

type ActionName = OrderAction['action']

/** The permission that each action requires. */
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
 * Performs an action on one order by appending the event that describes it, like any source. If the same request was
 * processed before, nothing is appended, and the answer is the same.
 * @throws AppError `forbidden`; `not_found`, also for an order of other departments; `conflict` when the order is in
 * another stage by now, or in a state that does not allow the action; `invalid_field`; `overloaded`.
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
    throw new AppError('conflict', 'a different user is signed in now', { field: 'person' })
  }
  if (isReport(request)) return reportAction(caller, number, request, context)
  const order = await requireSeen(caller, number, context)
  const mentions = action.action === 'comment' ? await requireMentioned(caller, action.mentions, order, context) : []
  const said = actionEvent({ id, order: order.head.order, action, mentions }, caller, context)
  const event = { ...said, ...activityOf(said, order, stage, context) }
  const appended = await findAppended(context.database, caller.site, [event])
  if (appended.has(id)) return { position: context.pipeline.position }
  requireHoldEnd(action, context)
  const visit = requireActable(caller, action.action, order, stage, context)
  requireHoldReason(action, order, visit, context)
  const [[refusal], position] = await appendDeskEvents(caller, [event], context)
  if (refusal !== undefined) throw new AppError(refusal.code, refusal.message)
  return { position }
}

/**
 * Performs the same action on many orders, in one transaction as far as the log accepts it.
 * @throws AppError `forbidden`, `invalid_field`, `overloaded`.
 */
export async function actOnOrders(
  caller: Caller,
  { id, orders, do: action }: OrderActionsRequest,
  context: ActContext,
): Promise<OrderActionsAnswer> {
  requireAction(caller, needs[action.action])
  if (action.action === 'comment' && action.mentions !== undefined) {
    throw new AppError('invalid_field', 'people can be mentioned only in a comment on a single order', {
      field: 'do.mentions',
      reason: 'too_many',
    })
  }
  const found = await findActed(caller, orders, context)
  const said = found.flatMap(({ known, refused, stage }, index) => {
    if (known === undefined || refused !== undefined) return []
    const event = actionEvent({ id: `${id}-${index}`, order: known.head.order, action }, caller, context)
    return [{ known, index, stage, event: { ...event, ...activityOf(event, known, stage, context) } }]
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
      const visit = requireActable(caller, action.action, known, stage, context)
      requireHoldReason(action, known, visit, context)
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

/** Which of the actions are currently possible. @throws AppError `forbidden`. */
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
    const refused = refusalOf(() => {
      requireActable(caller, action, known, stage, context)
    })
    return resultOf({ ...acted, ...(refused !== undefined && { refused }) })
  })
}

type Result = OrderActionsAnswer['results'][number]

/** An order that is named in a request. */
interface ActedOrder extends Result {
  /** See `OrderActionRequest`. */
  readonly stage?: string | undefined
  /** Undefined if the caller sees no such order. */
  readonly known?: EngineOrder
}

/** Each order with its state, or the reason why no action is possible. */
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
    const twice = { code: 'conflict' as const, message: 'the order is listed twice', field: 'order' }
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

/** The stage to put into the event if it concerns an activity other than the current one of the order. */
function activityOf(
  { type }: DeskEvent,
  { openSlot }: EngineOrder,
  stage: string | undefined,
  { pipeline }: ActContext,
): Pick<DeskEvent, 'stage'> {
  const open = pipeline.engine.open.get(openSlot)
  const isOther = mayNameActivity(type) && stage !== undefined && open?.visit.stage !== stage
  return isOther && open?.state.underWay !== undefined ? { stage } : {}
}

/**
 * Checks whether the action is possible in the activity of the caller's departments that is in the stage.
 * @returns its visit; undefined if the order is in no stage.
 * @throws AppError `conflict` when the order has moved on, or is in a state that does not allow the action.
 */
function requireActable(
  caller: Caller,
  action: ActionName,
  { head, openSlot }: EngineOrder,
  stage: string | undefined,
  { pipeline, clock }: ActContext,
): StageVisit | undefined {
  const { departments } = audienceOf(caller, pipeline.privacy.now)
  const state = pipeline.engine.open.get(openSlot)?.state
  const going = state === undefined ? [] : [...otherOpenVisits(state), ...state.visits.slice(-1)]
  const own = going.filter((one) => isInScope(departments, head.attributes, one))
  const visit = own.findLast((one) => one.stage === stage)
  if (visit?.stage !== stage || (stage === undefined && going.length > 0)) {
    throw new AppError('conflict', 'the order has moved to another stage since the page was loaded', {
      field: 'stage',
    })
  }
  if (action === 'comment') return visit
  const refuse = (message: string): AppError => new AppError('conflict', message, { field: 'do' })
  if (head.status !== 'open') throw refuse('the order has ended')
  const isHeld = isOnHold(head, clock.now())
  if (action === 'hold' && isHeld) throw refuse('the order is already on hold')
  if ((action === 'resume' || action === 'changeHold') && !isHeld) throw refuse('the order is not on hold')
  if (action !== 'acknowledge') return visit
  if (visit === undefined) throw refuse('the order is in no stage')
  if (visit.acknowledged !== undefined) throw refuse('the order has already been acknowledged')
  return visit
}

/** @throws AppError `invalid_field` */
function requireHoldEnd(action: OrderAction, { clock }: ActContext): void {
  if (action.action !== 'hold' && action.action !== 'changeHold') return
  if (!isHoldEnd(action.until, clock.now()))
    throw new AppError('invalid_field', holdEndWords, { field: 'do.until', reason: 'out_of_order' })
}

/** @throws AppError `invalid_field` when the stage does not allow a hold of this length for this reason. */
function requireHoldReason(
  action: OrderAction,
  { head, process }: EngineOrder,
  visit: StageVisit | undefined,
  { clock }: ActContext,
): void {
  if (action.action !== 'hold' && action.action !== 'changeHold') return
  const { reason, until } = action
  const holdReasons = visit === undefined ? undefined : process.stage(visit.stage)?.definition.holdReasons
  const heldSince = action.action === 'hold' ? clock.now() : (head.heldSince ?? clock.now())
  const latest = latestHoldEnd(holdReasons, reason, heldSince)
  if (latest === undefined || (until !== undefined && until <= latest)) return
  const message = `a hold for this reason must end by ${new Date(latest).toISOString()} at the latest; send when it ends`
  const why = until === undefined ? 'missing' : 'out_of_order'
  throw new AppError('invalid_field', message, { field: 'do.until', reason: why })
}
