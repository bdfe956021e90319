import type { OrderAttributes } from './order-attributes.ts'

/**
 * One visit of one order to one stage. Returning to a stage opens a second visit, which is rework. Instants are epoch
 * ms.
 */
export interface StageVisit {
  readonly stage: string
  /** 1 for the order's first visit of this stage, 2 for the second, and so on. */
  readonly nth: number
  readonly enteredAt: number
  /** When work on the order began. Undefined while it is only waiting. */
  readonly startedAt?: number
  /** Undefined while the order is in the stage. */
  readonly leftAt?: number
  /** Time on hold within the visit up to `leftAt`, or up to `heldSince` while it is on hold now. */
  readonly heldMs: number
  /** Set while the order is on hold in this visit. */
  readonly heldSince?: number
  /** The order was cancelled here: the visit has ended, and is not included in duration statistics. */
  readonly cancelled?: true
  /** The owner: the last one named by an arrival, a start of work or an assignment in this visit. */
  readonly owner?: string
  /**
   * Owners and when they took over, if the owner changed within the visit. Undefined: there was no owner, or `owner`
   * from the start. Before the first handover there was none.
   */
  readonly handovers?: readonly Handover[]
  /**
   * The last acknowledgement within the visit: that somebody has seen its state and takes care of it. Undefined: none.
   */
  readonly acknowledged?: Acknowledgement
  /**
   * Causes of waiting with their start, as reported by events; each lasts until the next, or until work begins.
   * Undefined: none.
   */
  readonly waits?: readonly Wait[]
  /**
   * Instants of progress within the visit, ascending. Undefined: there are none besides entering, the start of work and
   * the ends of holds, which other fields contain. Only the last one in each quarter hour is kept, see
   * `progressStepMs`.
   */
  readonly progress?: readonly number[]
  /**
   * Instants within the visit at which the position of the order was reported, ascending; no progress. Undefined: none.
   * Only the first and the last one in each hour are kept, see `positionStepMs`.
   */
  readonly positions?: readonly number[]
  /** The department of the visit, if an event named one; otherwise the order's department applies. */
  readonly department?: string
  /** Why it waits, from a note or a hold within the visit. */
  readonly reason?: string
  /**
   * Attributes of the order when the visit ended, if the order has changed since. Undefined: the current attributes.
   * See `attributesOfVisit`.
   */
  readonly attributes?: OrderAttributes
}

/**
 * Of the positions reported in an hour since 1970 UTC, only the first and the last are kept, so that a vehicle that
 * reports every minute does not fill a row. Every time without a report for at least an hour remains exact.
 */
export const positionStepMs = 3_600_000

export interface Handover {
  readonly at: number
  readonly owner: string
}

export interface Acknowledgement {
  readonly at: number
  /** Undefined: the event named nobody. */
  readonly by?: string
}

/** What an order may wait for. */
export const waitCauses = ['person', 'approval', 'department', 'carrier', 'material', 'customer'] as const
export type WaitCause = (typeof waitCauses)[number]

export interface Wait {
  readonly at: number
  readonly cause: WaitCause
}

/** A visit that is included in duration statistics: it has ended, and not by cancellation. */
export type FinishedVisit = StageVisit & { readonly leftAt: number; readonly cancelled?: never }

/** A visit that has ended, possibly by cancellation. */
export type EndedVisit = StageVisit & { readonly leftAt: number }

export function hasEnded(visit: StageVisit): visit is EndedVisit {
  return visit.leftAt !== undefined
}

export function isOpen(visit: StageVisit): boolean {
  return visit.leftAt === undefined
}

export function isFinished(visit: StageVisit): visit is FinishedVisit {
  return visit.leftAt !== undefined && visit.cancelled === undefined
}

/**
 * The visit of an order that was entered first. Undefined: there is none.
 * @param visits In the order of entering, except for the last one and the open ones, which may have begun before
 * others.
 */
export function firstEntered(visits: readonly StageVisit[]): StageVisit | undefined {
  let [first] = visits
  for (let i = visits.length - 1; i > 0; i--) {
    const visit = visits[i]
    if (visit === undefined || first === undefined) break
    if (i < visits.length - 1 && !isOpen(visit)) break
    if (visit.enteredAt < first.enteredAt) first = visit
  }
  return first
}

/**
 * When the last of some visits ended, epoch ms; Infinity: one is open; -Infinity: there are none. With concurrent
 * activities it need not be the one that was entered last.
 */
export function lastLeftAt(visits: readonly StageVisit[]): number {
  return visits.reduce((last, { leftAt = Infinity }) => Math.max(last, leftAt), -Infinity)
}

/** Dwell (sojourn time) in elapsed ms: from entering to leaving, holds included. */
export function dwellMs(visit: FinishedVisit): number {
  return visit.leftAt - visit.enteredAt
}
