import type { FoldedOrder } from './fold-state.ts'
import type { StageVisit, WaitCause } from './stage-visit.ts'
import { clockInstant, holdsOf } from './visit-clock.ts'
import type { VisitTerms } from './visit-terms.ts'

/** A length of time by all clocks: natural, and that of the visit's calendar. Ms. */
export interface TwoClocks {
  readonly elapsedMs: number
  readonly workingMs: number
}

/** A part of the time past the limit, with who had the order. */
export interface OverduePart extends TwoClocks {
  /** Undefined: nobody had it. */
  readonly owner?: string
}

/** Where the time of a visit went. `held`, `waiting`, `working` and `unsaid` add up to `total`, to the millisecond. */
export interface VisitTimes {
  readonly total: TwoClocks
  readonly held: TwoClocks
  /** Before work began, holds left out. */
  readonly waiting: TwoClocks
  /** From the beginning of work, holds left out. */
  readonly working: TwoClocks
  /** Neither: no event has said when work began, nor what it waits for. */
  readonly unsaid: TwoClocks
  /** What of `held` and `waiting` had which cause; the rest has none that was said. */
  readonly causes: ReadonlyMap<WaitCause, TwoClocks>
  /** Past the limit, holds left out; nothing without a limit. The parts add up to it. */
  readonly overdue: TwoClocks
  /** When the limit is passed, if nothing stops the clock; undefined: there is none, or a hold keeps it from coming. */
  readonly dueAt: number | undefined
  /** In the order of the first time that each had it. */
  readonly overdueBy: readonly OverduePart[]
}

type Kind = 'held' | 'waiting' | 'working' | 'unsaid'

const none: TwoClocks = { elapsedMs: 0, workingMs: 0 }

/**
 * Where the time of a visit went, up to `now` while it is open. The visit is cut wherever something changes, and each
 * piece counts for one thing of each kind, so that nothing counts twice or is lost.
 */
export function visitTimes(
  visit: StageVisit,
  order: Pick<FoldedOrder, 'holds' | 'heldSince'>,
  terms: VisitTerms,
  now: number,
): VisitTimes {
  const { calendar, targetMs } = terms
  const holds = holdsOf(order)
  const end = Math.max(visit.enteredAt, visit.leftAt ?? now)
  const dueAt = targetMs === undefined ? undefined : clockInstant(visit, holds, calendar, targetMs)
  const sums = { total: none, held: none, waiting: none, working: none, unsaid: none, overdue: none }
  const causes = new Map<WaitCause, TwoClocks>()
  const overdueBy = new Map<string | undefined, TwoClocks>()
  const cuts = [
    ...holds.flatMap(({ from, to }) => [from, to]),
    ...(visit.handovers ?? []).map(({ at }) => at),
    ...(visit.waits ?? []).map(({ at }) => at),
    visit.startedAt ?? end,
    dueAt ?? end,
  ]
  for (const [from, to] of pieces(visit.enteredAt, end, cuts)) {
    const piece = { elapsedMs: to - from, workingMs: calendar.workingMs(from, to) }
    const isHeld = holds.some((hold) => hold.from <= from && from < hold.to)
    const cause = causeAt(visit, from, isHeld)
    const kind = kindAt(visit, from, isHeld, cause)
    sums.total = plus(sums.total, piece)
    sums[kind] = plus(sums[kind], piece)
    if (cause !== undefined) causes.set(cause, plus(causes.get(cause), piece))
    if (isHeld || dueAt === undefined || from < dueAt) continue
    sums.overdue = plus(sums.overdue, piece)
    const owner = ownerAt(visit, from)
    overdueBy.set(owner, plus(overdueBy.get(owner), piece))
  }
  return {
    ...sums,
    causes,
    dueAt,
    overdueBy: [...overdueBy].map(([owner, part]) => (owner === undefined ? part : { owner, ...part })),
  }
}

/** The span cut at those of the instants that lie within it. */
function pieces(from: number, to: number, cuts: readonly number[]): (readonly [from: number, to: number])[] {
  const within = [...new Set(cuts)].filter((at) => at > from && at < to).toSorted((a, b) => a - b)
  const bounds = [from, ...within]
  return from === to ? [] : within.concat(to).map((end, i) => [bounds[i] ?? from, end] as const)
}

function kindAt({ startedAt }: StageVisit, at: number, isHeld: boolean, cause: WaitCause | undefined): Kind {
  if (isHeld) return 'held'
  if (startedAt !== undefined) return at < startedAt ? 'waiting' : 'working'
  return cause === undefined ? 'unsaid' : 'waiting'
}

/** What the order waited for: while it is held, or before work began. */
function causeAt({ waits = [], startedAt }: StageVisit, at: number, isHeld: boolean): WaitCause | undefined {
  if (!isHeld && startedAt !== undefined && at >= startedAt) return undefined
  return waits.findLast((wait) => wait.at <= at)?.cause
}

function ownerAt({ handovers, owner }: StageVisit, at: number): string | undefined {
  return handovers === undefined ? owner : handovers.findLast((handover) => handover.at <= at)?.owner
}

function plus(a: TwoClocks = none, b: TwoClocks): TwoClocks {
  return { elapsedMs: a.elapsedMs + b.elapsedMs, workingMs: a.workingMs + b.workingMs }
}
