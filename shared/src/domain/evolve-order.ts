import { changeHold, endHold, endOrder, endPassedHold, startHold } from './end-order.ts'
import { compareEvents, eventIdentity, eventKey } from './event-order.ts'
import { isConcurrent } from './evolve-activity.ts'
import { evolveStage } from './evolve-stage.ts'
import { changeAttributes, changeNamedVisit, draftOf, positioned, progressed, waitingVisit } from './evolve-visits.ts'
import type { FoldDraft } from './evolve-visits.ts'
import type { FoldRules, FoldState } from './fold-state.ts'
import type { EventType, OrderEvent } from './order-event.ts'
import { ownedVisit } from './visit-facts.ts'

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
 * The order after its next events; undefined is an order without events. The events must be ones that `canAppend`
 * accepts, in the order in which they apply; anything else requires `foldOrder` over all events of the order.
 */
export function evolveOrder(
  state: FoldState | undefined,
  [first, ...later]: readonly [OrderEvent, ...OrderEvent[]],
  rules: FoldRules,
): FoldState {
  let draft = evolveDraft(state && draftOf(state), first, rules)
  for (const event of later) draft = evolveDraft(draft, event, rules)
  return draft
}

/** The same for one event, within a fold: the draft's lists are changed in place. */
export function evolveDraft(draft: FoldDraft | undefined, event: OrderEvent, rules: FoldRules): FoldDraft {
  const at = event.occurredAt
  const before = draft === undefined ? newOrder(event) : endPassedHold(draft, at)
  const isProgress = progressTypes.has(event.type)
  const lastProgressAt = isProgress ? at : before.lastProgressAt
  const after = transitions[event.type](before, event, rules)
  const noted = isProgress ? progressed(after, at) : after
  return { ...noted, lastProgressAt, lastEventAt: at, last: eventKey(event) }
}

/** Whether applying the event gives the same result as folding all events of the order. */
export function canAppend(state: FoldState, event: OrderEvent): boolean {
  return compareEvents(state.last, event) < 0 && mayAppend(state, event)
}

/** The same for an event that is known to come after all others of the order. */
export function mayAppend(state: FoldState, event: OrderEvent): boolean {
  if (event.type === 'event.voided') return false
  const { voidedAhead } = state
  return voidedAhead === undefined || !includesSorted(voidedAhead, eventIdentity(event.source, event.id))
}

function includesSorted(sorted: readonly string[], text: string): boolean {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((sorted[middle] ?? '') < text) low = middle + 1
    else high = middle
  }
  return sorted[low] === text
}

function newOrder(event: OrderEvent): FoldDraft {
  const at = event.occurredAt
  return {
    order: event.order,
    status: 'open',
    attributes: {},
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

type Transition = (state: FoldDraft, event: OrderEvent, rules: FoldRules) => FoldDraft

const transitions: Readonly<Record<EventType, Transition>> = {
  'order.placed': (state, event) => ({
    ...changeAttributes(state, event.data),
    placedAt: state.placedAt ?? event.occurredAt,
  }),
  'order.changed': (state, event) => changeAttributes(state, event.data),
  'stage.entered': evolveStage,
  'stage.started': evolveStage,
  'stage.completed': evolveStage,
  'order.held': (state, event) => {
    const { reason, until, changesHold } = event.data
    if (changesHold === true) {
      return state.heldSince === undefined ? state : explain(changeHold(state, event.occurredAt, until), event, reason)
    }
    const held = explain(startHold(state, event.occurredAt, until), event, reason)
    const isSuspension = isConcurrent(event) && state.heldSince === undefined && held.heldSince !== undefined
    return isSuspension ? { ...held, isSuspended: true } : held
  },
  'order.resumed': (state, event) => endHold(state, event.occurredAt),
  'order.assigned': (state, event) => {
    const { owner } = event.data
    return changeNamedVisit(state, event.stage, (visit) =>
      ownedVisit(visit, typeof owner === 'string' && owner !== '' ? owner : undefined, event.occurredAt),
    )
  },
  'order.acknowledged': (state, { occurredAt: at, actor: by, stage }) =>
    changeNamedVisit(state, stage, (visit) => ({ ...visit, acknowledged: { at, ...(by !== undefined && { by }) } })),
  'order.completed': (state, event) => endOrder(state, 'completed', event.occurredAt),
  'order.cancelled': (state, event) => endOrder(state, 'cancelled', event.occurredAt),
  'complaint.filed': (state) => ({ ...state, complaintCount: state.complaintCount + 1 }),
  'note.added': (state, event) => explain(state, event, event.data['reason'] || event.data['text']),
  'position.reported': (state, event) => positioned(state, event.occurredAt),
  // A void affects other events, see `effectiveEvents`; it has no effect of its own.
  'event.voided': (state) => state,
}

/** Records the reason that an event gives for the state of the order. */
function explain(state: FoldDraft, event: OrderEvent, reason: unknown): FoldDraft {
  return changeNamedVisit(state, event.stage, (visit) => ({
    ...waitingVisit(visit, event),
    ...(typeof reason === 'string' && reason !== '' && { reason }),
  }))
}
