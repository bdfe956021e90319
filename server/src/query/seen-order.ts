import type { EventType, OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import { isInScope } from '@stagewatch/shared/domain/access/department-scope.ts'
import type { DepartmentScope } from '@stagewatch/shared/domain/access/department-scope.ts'
import { attributesOfVisit } from '@stagewatch/shared/domain/attributes-of-visit.ts'
import type { FoldedOrder } from '@stagewatch/shared/domain/fold-state.ts'
import { lastLeftAt } from '@stagewatch/shared/domain/stage-visit.ts'
import type { StageVisit } from '@stagewatch/shared/domain/stage-visit.ts'

/** An event of an order as the log holds it. */
export type StoredEvent = Omit<OrderEvent, 'order'> & {
  /** When it was stored here. */
  readonly recordedAt: number
  /** It came with an import or a replay. */
  readonly imported: boolean
  /** Another event took it back. */
  readonly voided: boolean
}

/** `of`: whether it happened with those who look, or with others, so that it says only what the order is. */
export type SeenEvent = StoredEvent & { readonly of: 'own' | 'others' }

/** What departments see of one order. */
export interface SeenOrder {
  readonly visits: readonly StageVisit[]
  readonly events: readonly SeenEvent[]
}

/**
 * Until when others have had the order that those of the scope have now, epoch ms; Infinity: they still
 * have it; undefined: they never had. To be asked of the whole order: whoever reads as somebody of a department reads no visits of others.
 */
export function othersUntil({ attributes, visits }: FoldedOrder, scope: DepartmentScope): number | undefined {
  const others = visits.filter((visit) => !isSeenVisit(visit, attributes, scope))
  return others.length === 0 ? undefined : lastLeftAt(others)
}

function isSeenVisit(visit: StageVisit, attributes: FoldedOrder['attributes'], scope: DepartmentScope): boolean {
  return isInScope(scope, attributes, visit) || isInScope(scope, attributesOfVisit(attributes, visit), undefined)
}

/**
 * The department that an order belonged to sees all that happened meanwhile. Another one that has had it sees its own
 * visits, what happened in them, and what the order is.
 * @param until see `othersUntil`.
 * @returns undefined when they never had it.
 */
export function seenOrder(
  { attributes, visits }: FoldedOrder,
  events: readonly StoredEvent[],
  scope: DepartmentScope,
  until: number | undefined,
): SeenOrder | undefined {
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

function asOwn(event: StoredEvent): SeenEvent {
  return { ...event, of: 'own' }
}

const factTypes: ReadonlySet<EventType> = new Set(['order.placed', 'order.changed'])
/** What ends a visit; anything else at the instant of its end happens where the order goes. */
const endTypes: ReadonlySet<EventType> = new Set(['order.completed', 'order.cancelled'])

function seenEvent(event: StoredEvent, visits: VisitsByTime): SeenEvent[] {
  if (visits.some(event.occurredAt, (visit) => isOfVisit(event, visit))) return [asOwn(event)]
  return factTypes.has(event.type) ? [{ ...event, of: 'others' }] : []
}

/** Of an event that happened while the visit lasted, or as it ended. */
function isOfVisit({ occurredAt, stage, type }: StoredEvent, visit: StageVisit): boolean {
  if (stage !== undefined) return stage === visit.stage
  return occurredAt < (visit.leftAt ?? Infinity) || endTypes.has(type)
}

/**
 * Finds the visits that went on at an instant, or began or ended at it: mostly one or two, however long the order is.
 * They come in the order of entering, but for the last; where stages go on at the same time, one may end after others
 * that were entered later.
 */
class VisitsByTime {
  readonly #visits: readonly StageVisit[]
  /** When the last of a visit and those in front of it ended. */
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

  /** How many were entered at the instant or before. */
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
