import { evolveActivity, isAbandoned, isConcurrent } from './evolve-activity.ts'
import { endOrder, reopenOrder } from './end-order.ts'
import type { FoldDraft } from './evolve-visits.ts'
import {
  addVisit,
  changeAttributes,
  changeOpenVisit,
  closedVisit,
  closeOpenVisit,
  endOtherActivities,
  newVisit,
  openVisit,
  waitingVisit,
} from './evolve-visits.ts'
import type { FoldRules } from './fold-state.ts'
import type { OrderEvent } from './order-event.ts'
import { attributesAtStage } from './order-attributes.ts'
import { inDepartment, ownedVisit, unaccountedSince, visitAsSeen, workedVisit } from './visit-facts.ts'

/** The order after an event of one of its stages. */
export function evolveStage(state: FoldDraft, event: OrderEvent, rules: FoldRules): FoldDraft {
  const { stage, occurredAt } = event
  if (stage === undefined) return state
  // The stage that completed an order often reports more than once, which must not reopen the order.
  if (state.endedByStage === stage) return changeAttributes(state, { process: event.data['process'] })
  // An abandoned activity has no effect on an order that has ended.
  if (state.status !== 'open' && isAbandoned(event)) return state
  const open = reopenOrder(state)
  const moved = isConcurrent(event) ? evolveActivity(open, stage, event) : evolveSequentialStage(open, stage, event)
  const next = { ...moved, lastStageAt: occurredAt }
  return mayEnd(event) && rules.isTerminal(stage, occurredAt) ? endOrder(next, 'completed', occurredAt, stage) : next
}

/** Entering a terminal stage ends the order; a concurrent activity does so only when it is completed. */
function mayEnd(event: OrderEvent): boolean {
  return !isConcurrent(event) || (event.type === 'stage.completed' && !isAbandoned(event))
}

/** For an order that is in one stage at a time. */
function evolveSequentialStage(state: FoldDraft, stage: string, event: OrderEvent): FoldDraft {
  const alone = endOtherActivities(state, event.occurredAt)
  return event.type === 'stage.completed' ? completeStage(alone, stage, event) : enterStage(alone, stage, event)
}

/** `stage.entered` and `stage.started`: the order is in the stage from now, if it was not already. */
function enterStage(state: FoldDraft, stage: string, event: OrderEvent): FoldDraft {
  const at = event.occurredAt
  const isInside = openVisit(state)?.stage === stage
  // The event's attributes apply from here: the visit that it ends keeps the attributes from before.
  const known = changeAttributes(isInside ? state : closeOpenVisit(state, at), attributesAtStage(event.data))
  const inside = isInside ? known : addVisit(known, newVisit(known, stage, at))
  return changeOpenVisit(inside, (visit) => ({
    ...waitingVisit(ownedVisit(inDepartment(visit, event), event.actor, at), event),
    ...(event.type === 'stage.started' && { startedAt: visit.startedAt ?? at }),
  }))
}

/** `stage.completed`: ends the visit, or adds one that no earlier event reported. */
function completeStage(state: FoldDraft, stage: string, event: OrderEvent): FoldDraft {
  const at = event.occurredAt
  // The event's attributes apply to the visit that it reports.
  if (openVisit(state)?.stage === stage) {
    const known = changeAttributes(state, attributesAtStage(event.data))
    return changeOpenVisit(known, (visit) => workedVisit(closedVisit(known, visitAsSeen(visit, event), at), event))
  }
  const enteredAt = unaccountedSince(state) ?? at
  const left = changeAttributes(closeOpenVisit(state, enteredAt), attributesAtStage(event.data))
  return addVisit(left, workedVisit(closedVisit(left, newVisit(left, stage, enteredAt), at), event))
}
