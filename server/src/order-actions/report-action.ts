import {
  isReportedAction,
  maxReportAgeMs,
  reportToleranceMs,
  type OrderActionAnswer,
  type OrderActionRequest,
  type ReportedAction,
} from '@stagewatch/shared/contract/order-action.ts'
import { holdEndWords, isHoldEnd } from '@stagewatch/shared/contract/event-limits.ts'
import { allVisits } from '@stagewatch/shared/domain/all-visits.ts'
import { isInScope, orderInScope } from '@stagewatch/shared/domain/access/department-scope.ts'
import type { DepartmentScope } from '@stagewatch/shared/domain/access/department-scope.ts'
import type { FoldedOrder } from '@stagewatch/shared/domain/fold-state.ts'
import { latestHoldEnd, heldMsWithin } from '@stagewatch/shared/domain/holds.ts'
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

/** Whether the request may report an action from before it was sent, see `reportAction`. */
export function isReport(request: OrderActionRequest): request is ReportRequest {
  const { do: action, at } = request
  const movesOn = action.action === 'start' || action.action === 'finish'
  return isReportedAction(action) && (movesOn || at !== undefined || request.anyStage === true)
}

/**
 * Performs an action from the floor at the instant at which it happened. It is validated against the state of the order
 * at that instant, because the request may have waited for a network connection while other events arrived. If the same
 * request was processed before, it succeeds again, even when the order has since moved to another department as a
 * result.
 * @throws AppError `not_found`, also for a visit in other departments; `conflict` when the order was in another stage
 * then, or in a state that does not allow the action; `invalid_field`; `overloaded`.
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
  // Looks for both events of an arrival in the log, because the next stage was chosen when the request was first sent.
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

/**
 * The events of a report, without stages. The arrival in the next stage has no actor, because the actor would become
 * its owner there.
 */
function eventsOf({ id, order, action, at }: Said, caller: Caller, context: ActContext): DeskEvent[] {
  const event = actionEvent({ id, order, action, at }, caller, context)
  if (action.action !== 'finish') return [event]
  const { actor: reportedBy, ...unnamed } = event
  const data = { ...event.data, reportedBy }
  return [event, { ...unnamed, id: `${id}${arrivalSuffix}`, type: 'stage.entered', data }]
}

/** Current and next stage of the order. */
interface Located {
  readonly at: number
  /** Code of the current stage. */
  readonly stage?: string
  /** The stage to enter; undefined for none. */
  readonly next?: StageDefinition | undefined
  /** The order was in other stages as well, which go on. */
  readonly isConcurrent?: boolean
  /** Planned end of a hold, epoch ms; undefined until somebody ends it. */
  readonly until?: number | undefined
}

/** The event with its stage; empty if an arrival has no next stage. */
function placedEvent(event: DeskEvent, { at, stage, next, until, isConcurrent = false }: Located): DeskEvent[] {
  const concurrent = isConcurrent && { concurrent: true }
  const placed = { ...event, occurredAt: new Date(at).toISOString(), data: { ...event.data, ...concurrent } }
  if (event.type === 'order.resumed') return [placed]
  if (event.type === 'order.held') {
    const end = until !== undefined && { until: new Date(until).toISOString() }
    return [{ ...placed, data: { ...placed.data, ...end } }]
  }
  if (event.type !== 'stage.entered' && stage !== undefined) return [{ ...placed, stage }]
  if (next === undefined) return []
  const { code, department } = next
  return [{ ...placed, stage: code, data: { ...placed.data, ...(department !== undefined && { department }) } }]
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
  const visits = allVisits(state)
  const { visit, at } = visitAt(visits, request.at, anyStage === true ? undefined : request.stage)
  const isConcurrent = visits.filter(({ enteredAt, leftAt = Infinity }) => enteredAt <= at && at < leftAt).length > 1
  if (!isSeen(audienceOf(caller, pipeline.privacy.now).departments, state, visit)) throw notFound()
  if (anyStage !== true && visit?.stage !== request.stage) {
    throw new AppError('conflict', 'the order was in another stage at that time', { field: 'stage' })
  }
  if (state.endedAt !== undefined && state.endedAt <= at) throw refused('the order had ended')
  const process = pipeline.engine.process(stored.process)?.definition
  switch (action.action) {
    case 'start':
      if (visit !== undefined) return { at, stage: visit.stage, isConcurrent }
      return { at, next: stageToEnter(process, lastStageBefore(state.visits, at), action.stage) }
    case 'finish':
      if (visit === undefined) throw refused('the order was in no stage to finish: start one first')
      if (process?.stages.find(({ code }) => code === visit.stage)?.approval !== undefined) {
        throw refused('the order can move on only after it has been approved')
      }
      // The last of several activities decides where the order goes.
      if (isConcurrent && action.next === undefined) return { at, stage: visit.stage, isConcurrent }
      return { at, stage: visit.stage, next: stageAfter(process, visit.stage, action.next), isConcurrent }
    case 'hold': {
      const from = isHeldAt(state, at)
        ? firstWithin(
            state.holds.map(({ to }) => to),
            at,
          )
        : at
      if (from === undefined) throw refused('the order was already on hold')
      const stage = process?.stages.find(({ code }) => code === visit?.stage)
      return { at: from, until: holdEnd(action, from, stage) }
    }
    case 'resume': {
      const begun = isHeldAt(state, at)
        ? at
        : firstWithin([...state.holds.map(({ from }) => from), state.heldSince], at)
      if (begun === undefined) throw refused('the order was not on hold')
      return { at: begun }
    }
  }
}

/**
 * What the person has seen may have happened slightly later by the clock of who reported it, above all if the network
 * was slow when the phone compared its clock with the server's. Returns the next ms, because events of one instant have
 * no order. Undefined: nothing happened so soon after `at`.
 */
function firstWithin(instants: readonly (number | undefined)[], at: number): number | undefined {
  const found = instants.find((instant) => instant !== undefined && instant > at && instant <= at + reportToleranceMs)
  return found === undefined ? undefined : found + 1
}

/**
 * The planned end, else the longest hold that the reason allows, because the person on the floor cannot be asked any
 * more.
 * @throws AppError `invalid_field`
 */
function holdEnd(
  { reason, until }: Extract<ReportedAction, { action: 'hold' }>,
  at: number,
  stage: StageDefinition | undefined,
): number | undefined {
  const latest = latestHoldEnd(stage?.holdReasons, reason, at)
  if (isHoldEnd(until, at) && (until ?? 0) <= (latest ?? Infinity)) return until ?? latest
  const message = isHoldEnd(until, at) ? 'is later than the reason allows' : holdEndWords
  throw new AppError('invalid_field', message, { field: 'do.until', reason: 'out_of_order' })
}

/**
 * The visit that was open at the instant. A visit that the person has seen and that began slightly later, by the clock
 * of the system that reported it, counts from its start.
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

/**
 * @throws AppError `invalid_field` when the process does not lead to that stage, or leads to several stages and none is named.
 */
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
    throw new AppError('invalid_field', 'several stages may follow: name the next one', { field, reason: 'missing' })
  }
  const found = nextStages(process, from).find(({ stage }) => stage.code === asked)
  if (found !== undefined) return found.stage
  throw new AppError('invalid_field', 'the process does not lead to that stage', { field, reason: 'not_offered' })
}

function refused(message: string): AppError {
  return new AppError('conflict', message, { field: 'do' })
}

function notFound(): AppError {
  return new AppError('not_found', 'there is no such order', { field: 'order' })
}
