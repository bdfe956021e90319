import type { OrderAttributes } from './order-attributes.ts'

/**
 * One stay of one order in one stage. Coming back to a stage opens a second visit, which is rework.
 * Instants are epoch ms.
 */
export interface StageVisit {
  readonly stage: string
  /** 1 for the order's first visit of this stage, 2 for the second, and so on. */
  readonly nth: number
  readonly enteredAt: number
  /** When work on the order began; undefined while it only waits. */
  readonly startedAt?: number
  /** Undefined while the order is in the stage. */
  readonly leftAt?: number
  /** Time on hold within the visit up to `leftAt`, or up to `heldSince` while it is on hold now. */
  readonly heldMs: number
  /** Set while the order is on hold in this visit. */
  readonly heldSince?: number
  /** The order was cancelled here: the visit ended, and counts in no duration. */
  readonly cancelled?: true
  /** Who has it: the last one whom an arrival, a start of work or an assignment in this visit named. */
  readonly owner?: string
  /**
   * Who had it since when, when that changed within the visit; undefined: nobody, or `owner` from the beginning. Nobody
   * had it before the first.
   */
  readonly handovers?: readonly Handover[]
  /** Who said last, within the visit, that they have seen how it is and look after it; undefined: nobody did. */
  readonly acknowledged?: Acknowledgement
  /** What it waited for since when, as events said; each until the next, or until work begins. Undefined: none said. */
  readonly waits?: readonly Wait[]
  /**
   * When the order moved on within the visit, ascending; undefined: when it entered, when work began and when a hold
   * ended, which stand elsewhere. Of several in a quarter of an hour the last one, see `progressStepMs`.
   */
  readonly progress?: readonly number[]
  /** The department of the visit when an event named one; otherwise the order's department counts. */
  readonly department?: string
  /** Why it waits, as a note or a hold within the visit said. */
  readonly reason?: string
  /**
   * What was known of the order when the visit ended, where the order has changed since; undefined: what is known of it
   * now. See `attributesOfVisit`.
   */
  readonly attributes?: OrderAttributes
}

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

/** A visit that counts in durations: it has ended, and not by cancellation. */
export type FinishedVisit = StageVisit & { readonly leftAt: number; readonly cancelled?: never }

/** A visit that is over, also by cancellation. */
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
 * The visit of an order that was entered first; undefined: none was.
 * @param visits in the order of entering, but for the open one, which is the last and may have begun before others.
 */
export function firstEntered(visits: readonly StageVisit[]): StageVisit | undefined {
  const [first] = visits
  const last = visits.at(-1)
  return first !== undefined && last !== undefined && last.enteredAt < first.enteredAt ? last : first
}

/**
 * When the last of some visits ended, epoch ms; Infinity: one is open; -Infinity: there are none. Where stages go on at
 * the same time, it need not be the one that was entered last.
 */
export function lastLeftAt(visits: readonly StageVisit[]): number {
  return visits.reduce((last, { leftAt = Infinity }) => Math.max(last, leftAt), -Infinity)
}

/** Dwell (sojourn time) in elapsed ms: from entering to leaving, holds included. */
export function dwellMs(visit: FinishedVisit): number {
  return visit.leftAt - visit.enteredAt
}
