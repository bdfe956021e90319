import type { EventKey } from './event-order.ts'
import type { OrderAttributes } from './order-attributes.ts'
import type { StageVisit } from './stage-visit.ts'

export type OrderStatus = 'open' | 'completed' | 'cancelled'

/** A hold that is over, epoch ms. */
export interface HoldSpan {
  readonly from: number
  readonly to: number
}

/** What the events of one order say of it. Instants are epoch ms by the sources' clocks. */
export interface FoldedOrder {
  readonly order: string
  readonly status: OrderStatus
  readonly attributes: OrderAttributes
  /** In the order of entering, but for the open one, which is the last. */
  readonly visits: readonly StageVisit[]
  /** Undefined while no event has said when the order was placed. */
  readonly placedAt?: number
  /** The first event of any kind. */
  readonly firstAt: number
  /** When it was completed or cancelled; undefined while open. */
  readonly endedAt?: number
  /** How often a stage event came after the order had ended. */
  readonly reopenedCount: number
  /** The last event that moved the order on; its first event while none has. */
  readonly lastProgressAt: number
  /** Since when the order is on hold, in a stage or between stages; undefined: it is not. */
  readonly heldSince?: number
  /** When the hold ends by itself, which no event tells, see `isOnHold`; undefined: not before an event says so. */
  readonly heldUntil?: number
  /** The holds that are over, in order. */
  readonly holds: readonly HoldSpan[]
  readonly complaintCount: number
  readonly lastEventAt: number
}

/** An activity that goes on while the order stands in another one. */
export interface ActivityUnderWay {
  readonly visit: StageVisit
  /** By which its source tells it from others of the stage at the same time. */
  readonly instance?: string
}

/** A folded order with what the next event needs to know. Plain JSON. */
export interface FoldState extends FoldedOrder {
  /** The last stage event; undefined before the first. */
  readonly lastStageAt?: number
  /** The terminal stage that completed the order; undefined while open or when an event of the order ended it. */
  readonly endedByStage?: string
  /** What goes on besides the open visit, in the order of beginning; undefined: nothing. */
  readonly underWay?: readonly ActivityUnderWay[]
  /** Of the open visit; undefined: its source names none. */
  readonly openInstance?: string
  /** The order is on hold because an activity was suspended, which ends with the next one that begins or ends. */
  readonly isSuspended?: true
  /** The last event that was applied. */
  readonly last: EventKey
  /** Identities of events that were taken back before they arrived, sorted; undefined: none. */
  readonly voidedAhead?: readonly string[]
}

/** What the fold must know of the process. */
export interface FoldRules {
  /** Whether arriving in the stage completes the order, by the version of the process that was valid at that instant. */
  isTerminal(stage: string, at: number): boolean
}
