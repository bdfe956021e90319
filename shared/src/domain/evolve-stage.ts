import { evolveActivity, isAbandoned, isConcurrent } from './evolve-activity.ts'
import { endOrder, reopenOrder } from './end-order.ts'
import type { FoldDraft } from './evolve-visits.ts'
import {
  addVisit,
  changeAttributes,
  changeOpenVisit,
  closedVisit,
  closeOpenVisit,
  endOthersUnderWay,
  newVisit,
  openVisit,
  waitingVisit,
} from './evolve-visits.ts'
import type { FoldRules } from './fold-state.ts'
import type { OrderEvent } from './order-event.ts'
import { attributesOf, inDepartment, ownedVisit, unaccountedSince, visitAsSeen, workedVisit } from './visit-facts.ts'

/** The order after an event of one of its stages. */
export function evolveStage(state: FoldDraft, event: OrderEvent, rules: FoldRules): FoldDraft {
  const { stage, occurredAt } = event
  if (stage === undefined) return state
  // The stage that completed an order often reports more than once, which is no reason to open the order again.
  if (state.endedByStage === stage) return changeAttributes(state, { process: event.data['process'] })
  // What was never done ends nothing that is over.
  if (state.status !== 'open' && isAbandoned(event)) return state
  const open = reopenOrder(state)
  const moved = isConcurrent(event) ? evolveActivity(open, stage, event) : passStage(open, stage, event)
  const next = { ...moved, lastStageAt: occurredAt }
  return mayEnd(event) && rules.isTerminal(stage, occurredAt) ? endOrder(next, 'completed', occurredAt, stage) : next
}

/** Arriving in a terminal stage ends the order; of activities that may go on at the same time, having done it. */
function mayEnd(event: OrderEvent): boolean {
  return !isConcurrent(event) || (event.type === 'stage.completed' && !isAbandoned(event))
}

/** An order that is in one stage at a time. */
function passStage(state: FoldDraft, stage: string, event: OrderEvent): FoldDraft {
  const alone = endOthersUnderWay(state, event.occurredAt)
  return event.type === 'stage.completed' ? completeStage(alone, stage, event) : enterStage(alone, stage, event)
}

/** `stage.entered` and `stage.started`: the order is in the stage from now, if it was not already. */
function enterStage(state: FoldDraft, stage: string, event: OrderEvent): FoldDraft {
  const at = event.occurredAt
  const isInside = openVisit(state)?.stage === stage
  // What the event says counts from here: the visit that ends with it has ended without.
  const known = changeAttributes(isInside ? state : closeOpenVisit(state, at), attributesOf(event))
  const inside = isInside ? known : addVisit(known, newVisit(known, stage, at))
  return changeOpenVisit(inside, (visit) => ({
    ...waitingVisit(ownedVisit(inDepartment(visit, event), event.actor, at), event),
    ...(event.type === 'stage.started' && { startedAt: visit.startedAt ?? at }),
  }))
}

/** `stage.completed`: ends the visit, or records one that nobody had announced. */
function completeStage(state: FoldDraft, stage: string, event: OrderEvent): FoldDraft {
  const at = event.occurredAt
  // What the event says counts for the visit that it tells of.
  if (openVisit(state)?.stage === stage) {
    const known = changeAttributes(state, attributesOf(event))
    return changeOpenVisit(known, (visit) => workedVisit(closedVisit(known, visitAsSeen(visit, event), at), event))
  }
  const enteredAt = unaccountedSince(state) ?? at
  const left = changeAttributes(closeOpenVisit(state, enteredAt), attributesOf(event))
  return addVisit(left, workedVisit(closedVisit(left, newVisit(left, stage, enteredAt), at), event))
}
