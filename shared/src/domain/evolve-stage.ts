import { endOrder, reopenOrder } from './end-order.ts'
import type { ClosedVisit } from './evolve-visits.ts'
import {
  addVisit,
  changeOpenVisit,
  closedVisit,
  closeOpenVisit,
  newVisit,
  openVisit,
  waitingVisit,
} from './evolve-visits.ts'
import type { FoldRules, FoldState } from './fold-state.ts'
import type { OrderEvent } from './order-event.ts'
import { evolveFacts } from './order-facts.ts'
import type { StageVisit } from './stage-visit.ts'

/** The order after an event of one of its stages. */
export function evolveStage(state: FoldState, event: OrderEvent, rules: FoldRules): FoldState {
  const { stage, occurredAt } = event
  // The stage that completed an order often reports more than once, which is no reason to open the order again.
  if (stage === undefined || state.endedByStage === stage) return state
  const { department: _, ...facts } = event.data
  const open = reopenOrder(state)
  const moved = event.type === 'stage.completed' ? completeStage(open, stage, event) : enterStage(open, stage, event)
  const next = { ...moved, facts: evolveFacts(moved.facts, facts), lastStageAt: occurredAt }
  return rules.isTerminal(stage, occurredAt) ? endOrder(next, 'completed', occurredAt, stage) : next
}

/** `stage.entered` and `stage.started`: the order is in the stage from now, if it was not already. */
function enterStage(state: FoldState, stage: string, event: OrderEvent): FoldState {
  const at = event.occurredAt
  const inside =
    openVisit(state)?.stage === stage ? state : addVisit(closeOpenVisit(state, at), newVisit(state, stage, at))
  return changeOpenVisit(inside, (visit) => ({
    ...waitingVisit(ownedVisit(inDepartment(visit, event), event), event),
    ...(event.type === 'stage.started' && { startedAt: visit.startedAt ?? at }),
  }))
}

/** The visit in the hands of whom the event names. */
function ownedVisit(visit: StageVisit, { actor, occurredAt: at }: OrderEvent): StageVisit {
  if (actor === undefined || actor === visit.owner) return visit
  const isFirst = visit.owner === undefined
  if (isFirst && at === visit.enteredAt) return { ...visit, owner: actor }
  const before = visit.handovers ?? (visit.owner === undefined ? [] : [{ at: visit.enteredAt, owner: visit.owner }])
  return { ...visit, owner: actor, handovers: [...before, { at, owner: actor }] }
}

/** `stage.completed`: ends the visit, or records one that nobody had announced. */
function completeStage(state: FoldState, stage: string, event: OrderEvent): FoldState {
  const at = event.occurredAt
  if (openVisit(state)?.stage === stage)
    return changeOpenVisit(state, (visit) => workedVisit(closedVisit(state, visit, at), event))
  const enteredAt = unaccountedSince(state) ?? at
  const left = closeOpenVisit(state, enteredAt)
  return addVisit(left, workedVisit(closedVisit(left, newVisit(left, stage, enteredAt), at), event))
}

/** From where a visit that only its end reports may count, so that no time counts twice. */
function unaccountedSince(state: FoldState): number | undefined {
  if (state.lastStageAt === undefined) return state.placedAt
  return Math.max(state.lastStageAt, state.visits.at(-1)?.leftAt ?? state.lastStageAt)
}

/** The visit with what its completion says of it. */
function workedVisit(visit: ClosedVisit, event: OrderEvent): StageVisit {
  const startedAt = event.data['startedAt']
  const known = inDepartment(visit, event)
  if (typeof startedAt !== 'number') return known
  return { ...known, startedAt: Math.max(visit.enteredAt, Math.min(startedAt, visit.leftAt)) }
}

function inDepartment(visit: StageVisit, event: OrderEvent): StageVisit {
  const department = event.data['department']
  return typeof department === 'string' ? { ...visit, department } : visit
}
