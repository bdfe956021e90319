import type { EventType, OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import { isInScope } from '@stagewatch/shared/domain/access/department-scope.ts'
import type { DepartmentScope } from '@stagewatch/shared/domain/access/department-scope.ts'
import { allVisits } from '@stagewatch/shared/domain/all-visits.ts'
import { attributesOfVisit } from '@stagewatch/shared/domain/attributes-of-visit.ts'
import type { FoldedOrder } from '@stagewatch/shared/domain/fold-state.ts'
import { lastLeftAt } from '@stagewatch/shared/domain/stage-visit.ts'
import type { StageVisit } from '@stagewatch/shared/domain/stage-visit.ts'

/** An event of an order as stored in the log. */
export type StoredEvent = Omit<OrderEvent, 'order'> & {
  /** When it was stored. */
  readonly recordedAt: number
  /** It came from an import or a replay. */
  readonly imported: boolean
  /** Another event retracted it. */
  readonly voided: boolean
}

/**
 * `of`: whether it happened in the caller's departments or in others; in the latter case only attributes of the order
 * are shown.
 */
export type VisibleEvent = StoredEvent & { readonly of: 'own' | 'others' }

/** The part of an order that departments may see. */
export interface VisibleOrder {
  readonly visits: readonly StageVisit[]
  readonly events: readonly VisibleEvent[]
}

/**
 * Until when other departments had the order that now belongs to the scope, epoch ms. Infinity if they still have it;
 * undefined if they never had it. `state` must be the whole order: a read with a department's rights lacks the visits
 * of others.
 */
export function lastForeignVisitEnd(state: FoldedOrder, scope: DepartmentScope): number | undefined {
  const { attributes } = state
  const others = allVisits(state).filter((visit) => !isSeenVisit(visit, attributes, scope))
  return others.length === 0 ? undefined : lastLeftAt(others)
}

function isSeenVisit(visit: StageVisit, attributes: FoldedOrder['attributes'], scope: DepartmentScope): boolean {
  return isInScope(scope, attributes, visit) || isInScope(scope, attributesOfVisit(attributes, visit), undefined)
}

/**
 * A department that owns the order sees everything since other departments last had it. Another one that has had the
 * order sees its own visits, the events within them, and attributes of the order.
 * @param until see `lastForeignVisitEnd`.
 * @returns undefined if the departments never had the order.
 */
export function visibleOrder(
  state: FoldedOrder,
  events: readonly StoredEvent[],
  scope: DepartmentScope,
  until: number | undefined,
): VisibleOrder | undefined {
  const { attributes } = state
  const visits = allVisits(state)
  const isOwn = isInScope(scope, attributes, undefined)
  const seen = visits.filter((visit) => isSeenVisit(visit, attributes, scope))
  if (!isOwn && seen.length === 0) return undefined
  if (isOwn && until === undefined) return { visits, events: events.map(asOwn) }
  const ownSince = isOwn ? (until ?? Infinity) : Infinity
  const byTime = new VisitsByTime(seen)
  return {
    visits: seen,
    events: events.flatMap((event) => (event.occurredAt > ownSince ? [asOwn(event)] : seenEvent(event, byTime))),
  }
}

function asOwn(event: StoredEvent): VisibleEvent {
  return { ...event, of: 'own' }
}

const factTypes: ReadonlySet<EventType> = new Set(['order.placed', 'order.changed'])
/** Events that end a visit; any other event at the end of a visit belongs to the next one. */
const endTypes: ReadonlySet<EventType> = new Set(['order.completed', 'order.cancelled'])

function seenEvent(event: StoredEvent, visits: VisitsByTime): VisibleEvent[] {
  if (visits.some(event.occurredAt, (visit) => isOfVisit(event, visit))) return [asOwn(event)]
  return factTypes.has(event.type) ? [{ ...event, of: 'others' }] : []
}

/** Whether the event happened during the visit, or ended it. */
function isOfVisit({ occurredAt, stage, type }: StoredEvent, visit: StageVisit): boolean {
  if (stage !== undefined) return stage === visit.stage
  return occurredAt < (visit.leftAt ?? Infinity) || endTypes.has(type)
}

/**
 * Finds the visits that include an instant, bounds included: mostly one or two, however long the order is. Visits are
 * sorted by entry; a parallel visit may end after others that were entered later.
 */
class VisitsByTime {
  readonly #visits: readonly StageVisit[]
  /** Latest end of each visit and all visits before it. */
  readonly #lastEnds: readonly number[]

  constructor(visits: readonly StageVisit[]) {
    this.#visits = visits.toSorted((a, b) => a.enteredAt - b.enteredAt)
    let last = -Infinity
    this.#lastEnds = this.#visits.map(({ leftAt = Infinity }) => (last = Math.max(last, leftAt)))
  }

  some(at: number, isSought: (visit: StageVisit) => boolean): boolean {
    for (let i = this.#enteredBy(at) - 1; i >= 0 && (this.#lastEnds[i] ?? -Infinity) >= at; i--) {
      const visit = this.#visits[i]
      if (visit !== undefined && (visit.leftAt ?? Infinity) >= at && isSought(visit)) return true
    }
    return false
  }

  /** Number of visits entered at the instant or before. */
  #enteredBy(at: number): number {
    let [low, high] = [0, this.#visits.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#visits[middle]?.enteredAt ?? Infinity) <= at) low = middle + 1
      else high = middle
    }
    return low
  }
}
