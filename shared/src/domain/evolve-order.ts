import { endHold, endOrder, startHold } from './end-order.ts'
import { compareEvents, eventIdentity, eventKey } from './event-order.ts'
import { evolveStage } from './evolve-stage.ts'
import { changeOpenVisit } from './evolve-visits.ts'
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
  return { ...applyEvent(before, event, rules), lastProgressAt, lastEventAt: at, last: eventKey(event) }
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

function applyEvent(state: FoldState, event: OrderEvent, rules: FoldRules): FoldState {
  const at = event.occurredAt
  switch (event.type) {
    case 'order.placed':
      return { ...state, facts: evolveFacts(state.facts, event.data), placedAt: state.placedAt ?? at }
    case 'order.changed':
      return { ...state, facts: evolveFacts(state.facts, event.data) }
    case 'stage.entered':
    case 'stage.started':
    case 'stage.completed':
      return evolveStage(state, event, rules)
    case 'order.held':
      return explain(startHold(state, at), event.data['reason'])
    case 'order.resumed':
      return endHold(state, at)
    case 'order.completed':
      return endOrder(state, 'completed', at)
    case 'order.cancelled':
      return endOrder(state, 'cancelled', at)
    case 'complaint.filed':
      return { ...state, complaintCount: state.complaintCount + 1 }
    case 'note.added':
      return explain(state, event.data['reason'] || event.data['text'])
    case 'position.reported':
    case 'event.voided':
      return state
  }
}

function explain(state: FoldState, reason: unknown): FoldState {
  if (typeof reason !== 'string' || reason === '') return state
  return changeOpenVisit(state, (visit) => ({ ...visit, reason }))
}
