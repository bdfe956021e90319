import { endOrder, reopenOrder } from './end-order.ts'
import type { ClosedVisit, FoldDraft } from './evolve-visits.ts'
import {
  addVisit,
  changeAttributes,
  changeOpenVisit,
  closedVisit,
  closeOpenVisit,
  newVisit,
  openVisit,
  progressOf,
  waitingVisit,
} from './evolve-visits.ts'
import type { FoldRules, FoldState } from './fold-state.ts'
import type { OrderEvent } from './order-event.ts'
import type { StageVisit } from './stage-visit.ts'

/** The order after an event of one of its stages. */
export function evolveStage(state: FoldDraft, event: OrderEvent, rules: FoldRules): FoldDraft {
  const { stage, occurredAt } = event
  if (stage === undefined) return state
  // The stage that completed an order often reports more than once, which is no reason to open the order again.
  if (state.endedByStage === stage) return changeAttributes(state, { process: event.data['process'] })
  const open = reopenOrder(state)
  const moved = event.type === 'stage.completed' ? completeStage(open, stage, event) : enterStage(open, stage, event)
  const next = { ...moved, lastStageAt: occurredAt }
  return rules.isTerminal(stage, occurredAt) ? endOrder(next, 'completed', occurredAt, stage) : next
}

/** What the event says of the order. The department that it names is that of the visit. */
function attributesOf({ data: { department: _, ...attributes } }: OrderEvent): OrderEvent['data'] {
  return attributes
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

/** The visit in somebody's hands from an instant on; without anybody it stays as it is. */
export function ownedVisit(visit: StageVisit, actor: string | undefined, at: number): StageVisit {
  if (actor === undefined || actor === visit.owner) return visit
  const isFirst = visit.owner === undefined
  if (isFirst && at === visit.enteredAt) return { ...visit, owner: actor }
  const before = visit.handovers ?? (visit.owner === undefined ? [] : [{ at: visit.enteredAt, owner: visit.owner }])
  return { ...visit, owner: actor, handovers: [...before, { at, owner: actor }] }
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

/** From where a visit that only its end reports may count, so that no time counts twice. */
function unaccountedSince(state: FoldState): number | undefined {
  if (state.lastStageAt === undefined) return state.placedAt
  return Math.max(state.lastStageAt, state.visits.at(-1)?.leftAt ?? state.lastStageAt)
}

/** What a completion says of the beginning of work was not known while the order waited, and was no progress then. */
function visitAsSeen(visit: StageVisit, { data: { startedAt } }: OrderEvent): StageVisit {
  if (typeof startedAt !== 'number' || startedAt === visit.startedAt) return visit
  return { ...visit, progress: progressOf(visit) }
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
