import type { FoldedOrder } from './fold-state.ts'
import type { StageVisit, WaitCause } from './stage-visit.ts'
import { clockInstant, holdsDuring } from './visit-clock.ts'
import type { VisitSla } from './visit-sla.ts'

/** A duration by both clocks: natural, and that of the visit's calendar. Ms. */
export interface TwoClocks {
  readonly elapsedMs: number
  readonly workingMs: number
}

/** A part of the time past the limit, by owner. */
export interface OverduePart extends TwoClocks {
  /** Undefined: there was no owner. */
  readonly owner?: string
}

/**
 * Breakdown of the time of a visit. `held`, `waiting`, `working` and `unsaid` add up to `total`, to the millisecond.
 */
export interface VisitTimes {
  readonly total: TwoClocks
  readonly held: TwoClocks
  /** Before work began, holds excluded. */
  readonly waiting: TwoClocks
  /** From the start of work, holds excluded. */
  readonly working: TwoClocks
  /** Neither: no event has reported the start of work or a cause of waiting. */
  readonly unsaid: TwoClocks
  /** Parts of `held` and `waiting` by cause; the rest has no reported cause. */
  readonly causes: ReadonlyMap<WaitCause, TwoClocks>
  /** Past the limit, holds excluded; zero without a limit. The parts add up to it. */
  readonly overdue: TwoClocks
  /**
   * When the limit is passed, if nothing stops the clock. Undefined: there is none, or a hold without an end prevents
   * it.
   */
  readonly dueAt: number | undefined
  /** In the order in which each owner first had it. */
  readonly overdueBy: readonly OverduePart[]
}

type Kind = 'held' | 'waiting' | 'working' | 'unsaid'

const none: TwoClocks = { elapsedMs: 0, workingMs: 0 }

/**
 * Breakdown of the time of a visit, up to `now` while it is open. The visit is split wherever something changes, and
 * each piece counts for one value of each kind, so that nothing is counted twice or lost.
 */
export function visitTimes(
  visit: StageVisit,
  order: Pick<FoldedOrder, 'holds' | 'heldSince' | 'heldUntil'>,
  sla: VisitSla,
  now: number,
): VisitTimes {
  const { calendar, targetMs } = sla
  const holds = holdsDuring(order, visit)
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
  const lastHold = latestBy(holds, ({ from }) => from)
  const lastWait = latestBy(visit.waits ?? [], ({ at }) => at)
  const lastHandover = latestBy(visit.handovers ?? [], ({ at }) => at)
  for (const [from, to] of pieces(visit.enteredAt, end, cuts)) {
    const piece = { elapsedMs: to - from, workingMs: calendar.workingMs(from, to) }
    const isHeld = from < (lastHold(from)?.to ?? -Infinity)
    const cause = mayWait(visit, from, isHeld) ? lastWait(from)?.cause : undefined
    const kind = kindAt(visit, from, isHeld, cause)
    sums.total = plus(sums.total, piece)
    sums[kind] = plus(sums[kind], piece)
    if (cause !== undefined) causes.set(cause, plus(causes.get(cause), piece))
    if (isHeld || dueAt === undefined || from < dueAt) continue
    sums.overdue = plus(sums.overdue, piece)
    const owner = visit.handovers === undefined ? visit.owner : lastHandover(from)?.owner
    overdueBy.set(owner, plus(overdueBy.get(owner), piece))
  }
  return {
    ...sums,
    causes,
    dueAt,
    overdueBy: [...overdueBy].map(([owner, part]) => (owner === undefined ? part : { owner, ...part })),
  }
}

/** Splits the span at those of the instants that are within it. */
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

/** Whether time may be spent waiting for something: while the order is held, or before work begins. */
function mayWait({ startedAt }: StageVisit, at: number, isHeld: boolean): boolean {
  return isHeld || startedAt === undefined || at < startedAt
}

/**
 * Returns the last item that begins at an instant or before; it must be called with ascending instants, so that each
 * item is passed only once.
 */
function latestBy<T>(all: readonly T[], begin: (item: T) => number): (at: number) => T | undefined {
  let next = 0
  return (at) => {
    for (let item = all[next]; item !== undefined && begin(item) <= at; item = all[next]) next += 1
    return all[next - 1]
  }
}

function plus(a: TwoClocks = none, b: TwoClocks): TwoClocks {
  return { elapsedMs: a.elapsedMs + b.elapsedMs, workingMs: a.workingMs + b.workingMs }
}
