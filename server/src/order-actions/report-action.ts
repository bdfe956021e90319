import {
  isReportedAction,
  maxReportAgeMs,
  reportToleranceMs,
  type OrderActionAnswer,
  type OrderActionRequest,
  type ReportedAction,
} from '@stagewatch/shared/contract/order-action.ts'
import { holdEndWords, isHoldEnd } from '@stagewatch/shared/contract/event.ts'
import { isInScope, orderInScope } from '@stagewatch/shared/domain/access/department-scope.ts'
import type { DepartmentScope } from '@stagewatch/shared/domain/access/department-scope.ts'
import type { FoldedOrder } from '@stagewatch/shared/domain/fold-state.ts'
import { heldMsWithin } from '@stagewatch/shared/domain/hold-time.ts'
import { normalIdentifier } from '@stagewatch/shared/domain/identifier.ts'
import { nextStages, usualNextStage } from '@stagewatch/shared/domain/next-stages.ts'
import type { ProcessDefinition, StageDefinition } from '@stagewatch/shared/domain/process-definition.ts'
import type { StageVisit } from '@stagewatch/shared/domain/stage-visit.ts'
import { audienceOf } from '../access/caller.ts'
import type { Caller } from '../access/caller.ts'
import { AppError } from '../platform/app-error.ts'
import { loadOrders } from '../projection/load-orders.ts'
import { actionEvent } from './action-event.ts'
import { appendDeskEvents, findAppended } from './desk-events.ts'
import type { ActContext, DeskEvent } from './desk-events.ts'

type ReportRequest = Omit<OrderActionRequest, 'do'> & { readonly do: ReportedAction }

/** Whether the request may tell of something that was done before it was sent, see `reportAction`. */
export function isReport(request: OrderActionRequest): request is ReportRequest {
  const { do: action, at } = request
  const movesOn = action.action === 'start' || action.action === 'finish'
  return isReportedAction(action) && (movesOn || at !== undefined || request.anyStage === true)
}

/**
 * Does what somebody did on the floor, at the instant at which they did it: the order is judged as it was then, since
 * the request may have waited for a network, and other events may have come in between. What the same request has done
 * already is answered as done, also when the order has gone on to another department by that.
 * @throws AppError `not_found`, also for a stay in other departments; `conflict` when the order was in another stage then,
 * or in a state in which that cannot be done; `invalid_field`; `overloaded`.
 */
export async function reportAction(
  caller: Caller,
  number: string,
  request: ReportRequest,
  context: ActContext,
): Promise<OrderActionAnswer> {
  const order = normalIdentifier(number)
  if (order === undefined) throw notFound()
  const at = reportedAt(request.at, context.clock.now())
  const events = eventsOf({ id: request.id, order, action: request.do, at }, caller, context)
  // The log is asked for both events of an arrival: which of the stages follows was decided when it was first sent.
  const appended = await findAppended(context.database, caller.site, events)
  if (appended.has(request.id)) return { position: context.pipeline.position }
  const located = await locate(caller, order, { ...request, at }, context)
  const placed = events.flatMap((event) => placedEvent(event, located))
  const [refusals, position] = await appendDeskEvents(caller, placed, context)
  const refusal = refusals.find((one) => one !== undefined)
  if (refusal !== undefined) throw new AppError(refusal.code, refusal.message)
  return { position }
}

/** @throws AppError `invalid_field` */
function reportedAt(at: number | undefined, now: number): number {
  if (at === undefined) return now
  if (at <= now + reportToleranceMs && at >= now - maxReportAgeMs) return Math.min(at, now)
  throw new AppError('invalid_field', 'must be within the last 7 days and not later than now', {
    field: 'at',
    reason: 'out_of_order',
  })
}

interface Said {
  readonly id: string
  readonly order: string
  readonly action: ReportedAction
  readonly at: number
}

const arrivalSuffix = '-next'

/** What is said, the stages left out. That an order comes to the next stage names nobody, who would have it there. */
function eventsOf({ id, order, action, at }: Said, caller: Caller, context: ActContext): DeskEvent[] {
  const event = actionEvent({ id, order, action, at }, caller, context)
  if (action.action !== 'finish') return [event]
  const { actor: reportedBy, ...unnamed } = event
  const data = { ...event.data, reportedBy }
  return [event, { ...unnamed, id: `${id}${arrivalSuffix}`, type: 'stage.entered', data }]
}

/** Where the order was and goes on to. */
interface Located {
  readonly at: number
  /** Of the stage that it is in. */
  readonly stage?: string
  /** Where it comes to; undefined: nowhere. */
  readonly next?: StageDefinition | undefined
}

/** The event with its stage; none, where an order goes on to no stage. */
function placedEvent(event: DeskEvent, { at, stage, next }: Located): DeskEvent[] {
  const placed = { ...event, occurredAt: new Date(at).toISOString() }
  if (event.type === 'order.held' || event.type === 'order.resumed') return [placed]
  if (event.type !== 'stage.entered' && stage !== undefined) return [{ ...placed, stage }]
  if (next === undefined) return []
  const { code, department } = next
  return [{ ...placed, stage: code, data: { ...event.data, ...(department !== undefined && { department }) } }]
}

/** @throws AppError `not_found`, `conflict`, `invalid_field` */
async function locate(
  caller: Caller,
  order: string,
  request: ReportRequest & { readonly at: number },
  { database, pipeline }: ActContext,
): Promise<Located> {
  const [stored] = await loadOrders(database, caller.site, [order])
  if (stored?.state === undefined) throw notFound()
  const { state } = stored
  const { do: action, anyStage } = request
  const { visit, at } = visitAt(state.visits, request.at, anyStage === true ? undefined : request.stage)
  if (!isSeen(audienceOf(caller, pipeline.privacy.now).departments, state, visit)) throw notFound()
  if (anyStage !== true && visit?.stage !== request.stage) {
    throw new AppError('conflict', 'the order was in another stage at that time', { field: 'stage' })
  }
  if (state.endedAt !== undefined && state.endedAt <= at) throw refused('the order had ended')
  const process = pipeline.engine.process(stored.process)?.definition
  switch (action.action) {
    case 'start':
      if (visit !== undefined) return { at, stage: visit.stage }
      return { at, next: stageToEnter(process, lastStageBefore(state.visits, at), action.stage) }
    case 'finish':
      if (visit === undefined) throw refused('the order was in no stage that could be finished: start one first')
      return { at, stage: visit.stage, next: stageAfter(process, visit.stage, action.next) }
    case 'hold':
      if (isHeldAt(state, at)) throw refused('the order was on hold already')
      if (!isHoldEnd(action.until, at)) {
        throw new AppError('invalid_field', holdEndWords, { field: 'do.until', reason: 'out_of_order' })
      }
      return { at }
    case 'resume':
      if (!isHeldAt(state, at)) throw refused('the order was not on hold')
      return { at }
  }
}

/**
 * The visit that went on at the instant. A stage that the person has seen and that began a little later, by the clock of
 * the system that told of it, counts from its beginning.
 */
function visitAt(visits: readonly StageVisit[], at: number, seen: string | undefined) {
  const current = visits.findLast(
    ({ stage, enteredAt, leftAt = Infinity }) =>
      enteredAt <= at && at < leftAt && (seen === undefined || stage === seen),
  )
  if (current !== undefined) return { visit: current, at }
  const coming = visits.find(
    ({ stage, enteredAt }) => stage === seen && enteredAt > at && enteredAt <= at + reportToleranceMs,
  )
  if (coming !== undefined) return { visit: coming, at: coming.enteredAt }
  return { visit: visits.findLast(({ enteredAt, leftAt = Infinity }) => enteredAt <= at && at < leftAt), at }
}

function lastStageBefore(visits: readonly StageVisit[], at: number): string | undefined {
  return visits.findLast(({ leftAt = Infinity }) => leftAt <= at)?.stage
}

function isSeen(departments: DepartmentScope, state: FoldedOrder, visit: StageVisit | undefined): boolean {
  if (visit !== undefined) return isInScope(departments, state.attributes, visit)
  return orderInScope(state, departments) !== undefined
}

function isHeldAt(state: FoldedOrder, at: number): boolean {
  return heldMsWithin(state, at, at + 1) > 0
}

/** @throws AppError `invalid_field` */
function stageToEnter(
  process: ProcessDefinition | undefined,
  from: string | undefined,
  asked: string | undefined,
): StageDefinition {
  const stage = stageAfter(process, from, asked, 'do.stage')
  if (stage !== undefined) return stage
  throw refused('the process has no further stage')
}

/** @throws AppError `invalid_field` when the process does not lead there, or to several stages of which none is named. */
function stageAfter(
  process: ProcessDefinition | undefined,
  from: string | undefined,
  asked: string | undefined,
  field = 'do.next',
): StageDefinition | undefined {
  if (process === undefined) throw refused('the order has no process')
  if (asked === undefined) {
    const usual = usualNextStage(process, from)
    if (usual !== 'choice') return usual
    throw new AppError('invalid_field', 'several stages may follow: name one', { field, reason: 'missing' })
  }
  const found = nextStages(process, from).find(({ stage }) => stage.code === asked)
  if (found !== undefined) return found.stage
  throw new AppError('invalid_field', 'the process does not lead there', { field, reason: 'not_offered' })
}

function refused(message: string): AppError {
  return new AppError('conflict', message, { field: 'do' })
}

function notFound(): AppError {
  return new AppError('not_found', 'there is no such order', { field: 'order' })
}
