import type { EventKey } from './event-order.ts'
import type { OrderAttributes } from './order-attributes.ts'
import { firstEntered, type StageVisit } from './stage-visit.ts'

export type OrderStatus = 'open' | 'completed' | 'cancelled'

/** A hold that is over, epoch ms. */
export interface HoldSpan {
  readonly from: number
  readonly to: number
}

/** State of one order, derived from its events. Instants are epoch ms by the sources' clocks. */
export interface FoldedOrder {
  readonly order: string
  readonly status: OrderStatus
  readonly attributes: OrderAttributes
  /** In the order of entering, except that the current one is the last. */
  readonly visits: readonly StageVisit[]
  /** Open activities other than the current visit, in the order of their start. Undefined: none. See `allVisits`. */
  readonly underWay?: readonly ActivityUnderWay[]
  /** Undefined if no event has reported when the order was placed. */
  readonly placedAt?: number
  /** Time of the first event of any kind. */
  readonly firstAt: number
  /** When it was completed or cancelled; undefined while open. */
  readonly endedAt?: number
  /** How often a stage event occurred after the order had ended. */
  readonly reopenedCount: number
  /** The last event that counted as progress; the first event of the order if none has. */
  readonly lastProgressAt: number
  /** Start of the current hold, in a stage or between stages. Undefined: not on hold. */
  readonly heldSince?: number
  /** When the hold ends by itself, without an event, see `isOnHold`. Undefined: only an event ends it. */
  readonly heldUntil?: number
  /** Past holds, ascending. */
  readonly holds: readonly HoldSpan[]
  readonly complaintCount: number
  readonly lastEventAt: number
}

/**
 * When the order entered its process, epoch ms. Facts may be older: without dates, a file of orders places them at the
 * beginning of time.
 */
export function arrivedAt({ placedAt, visits, firstAt }: FoldedOrder): number {
  return placedAt ?? firstEntered(visits)?.enteredAt ?? firstAt
}

/** An open activity other than the current visit. */
export interface ActivityUnderWay {
  readonly visit: StageVisit
  /** Distinguishes concurrent activities of the same stage within the source; it is not stored in the tables. */
  readonly instance?: string
}

/** A folded order with the data needed to apply the next event. Plain JSON. */
export interface FoldState extends FoldedOrder {
  /** Time of the last stage event. Undefined before the first. */
  readonly lastStageAt?: number
  /** The terminal stage that completed the order. Undefined while open, or if an event of the order ended it. */
  readonly endedByStage?: string
  /** Instance of the current visit. Undefined: its source names none. */
  readonly openInstance?: string
  /** The order is on hold because an activity was suspended; the hold ends when work on an activity begins or ends. */
  readonly isSuspended?: true
  /** The last event that was applied. */
  readonly last: EventKey
  /** Identities of events that were voided before they arrived, sorted. Undefined: none. */
  readonly voidedAhead?: readonly string[]
}

/** What the fold needs to know about the process. */
export interface FoldRules {
  /** Whether entering the stage completes the order, by the version of the process in force at that instant. */
  isTerminal(stage: string, at: number): boolean
}
