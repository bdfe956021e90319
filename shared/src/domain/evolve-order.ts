import { endHold, endOrder, startHold } from './end-order.ts'
import { compareEvents, eventIdentity, eventKey } from './event-order.ts'
import { evolveStage } from './evolve-stage.ts'
import { changeOpenVisit, waitingVisit } from './evolve-visits.ts'
import type { FoldRules, FoldState } from './fold-state.ts'
import type { EventType, OrderEvent } from './order-event.ts'
import { evolveFacts } from './order-facts.ts'

const progressTypes: ReadonlySet<EventType> = new Set([
  'order.placed',
  'stage.entered',
  'stage.started',
  'stage.completed',
  'order.resumed',
  'order.completed',
  'order.cancelled',
])

/**
 * The order after its next event; undefined is an order without events. Only events that `canAppend` admits may be
 * handed in: anything else needs `foldOrder` over all events of the order.
 */
export function evolveOrder(state: FoldState | undefined, event: OrderEvent, rules: FoldRules): FoldState {
  const at = event.occurredAt
  const before = state ?? newOrder(event)
  const lastProgressAt = progressTypes.has(event.type) ? at : before.lastProgressAt
  return { ...transitions[event.type](before, event, rules), lastProgressAt, lastEventAt: at, last: eventKey(event) }
}

/** Whether evolving by the event gives what folding all events of the order would give. */
export function canAppend(state: FoldState, event: OrderEvent): boolean {
  return (
    event.type !== 'event.voided' &&
    compareEvents(state.last, event) < 0 &&
    state.voidedAhead?.includes(eventIdentity(event.source, event.id)) !== true
  )
}

function newOrder(event: OrderEvent): FoldState {
  const at = event.occurredAt
  return {
    order: event.order,
    status: 'open',
    facts: {},
    visits: [],
    holds: [],
    firstAt: at,
    lastProgressAt: at,
    lastEventAt: at,
    reopenedCount: 0,
    complaintCount: 0,
    last: eventKey(event),
  }
}

type Transition = (state: FoldState, event: OrderEvent, rules: FoldRules) => FoldState

const transitions: Readonly<Record<EventType, Transition>> = {
  'order.placed': (state, event) => ({
    ...changeFacts(state, event),
    placedAt: state.placedAt ?? event.occurredAt,
  }),
  'order.changed': changeFacts,
  'stage.entered': evolveStage,
  'stage.started': evolveStage,
  'stage.completed': evolveStage,
  'order.held': (state, event) => explain(startHold(state, event.occurredAt), event, event.data['reason']),
  'order.resumed': (state, event) => endHold(state, event.occurredAt),
  'order.completed': (state, event) => endOrder(state, 'completed', event.occurredAt),
  'order.cancelled': (state, event) => endOrder(state, 'cancelled', event.occurredAt),
  'complaint.filed': (state) => ({ ...state, complaintCount: state.complaintCount + 1 }),
  'note.added': (state, event) => explain(state, event, event.data['reason'] || event.data['text']),
  'position.reported': (state) => state,
  // A void says which other event counts, see `effectiveEvents`; by itself it says nothing of the order.
  'event.voided': (state) => state,
}

function changeFacts(state: FoldState, event: OrderEvent): FoldState {
  return { ...state, facts: evolveFacts(state.facts, event.data) }
}

/** What an event says of why the order is where it is. */
function explain(state: FoldState, event: OrderEvent, reason: unknown): FoldState {
  return changeOpenVisit(state, (visit) => ({
    ...waitingVisit(visit, event),
    ...(typeof reason === 'string' && reason !== '' && { reason }),
  }))
}
