import type { FoldedOrder, HoldSpan } from './fold-state.ts'
import type { StageVisit } from './stage-visit.ts'
import type { WorkingCalendar } from './time/working-calendar.ts'

type VisitSpan = Pick<StageVisit, 'enteredAt' | 'leftAt'>

/**
 * The holds of an order that overlap a visit, in order; a current hold without a planned end has no end. An order may
 * have thousands of holds, and this runs for each of its visits.
 */
export function holdsDuring(
  { holds, heldSince, heldUntil = Infinity }: Pick<FoldedOrder, 'holds' | 'heldSince' | 'heldUntil'>,
  { enteredAt, leftAt = Infinity }: VisitSpan,
): readonly HoldSpan[] {
  const first = firstAfter(holds, enteredAt)
  let end = first
  while ((holds[end]?.from ?? Infinity) < leftAt) end += 1
  const during = first === 0 && end === holds.length ? holds : holds.slice(first, end)
  return heldSince === undefined || heldSince >= leftAt ? during : [...during, { from: heldSince, to: heldUntil }]
}

/** Index of the first hold that ends after the instant; holds do not overlap. */
function firstAfter(holds: readonly HoldSpan[], at: number): number {
  let [low, high] = [0, holds.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((holds[middle]?.to ?? Infinity) > at) high = middle
    else low = middle + 1
  }
  return low
}

/** Reading of the target's clock at `now`: working ms since entering, holds excluded. */
export function clockMs(visit: VisitSpan, holds: readonly HoldSpan[], calendar: WorkingCalendar, now: number): number {
  return workedBetweenHolds(calendar, visit.enteredAt, visit.leftAt ?? now, holds)
}

/**
 * Working ms from `from` to `to` outside of holds. Time off during a hold is subtracted only once, and so is the
 * overlap of two holds.
 * @param holds Ascending by `from`.
 */
export function workedBetweenHolds(
  calendar: WorkingCalendar,
  from: number,
  to: number,
  holds: readonly HoldSpan[],
): number {
  let workedMs = 0
  let since = from
  for (const hold of holds) {
    workedMs += calendar.workingMs(since, Math.min(hold.from, to))
    since = Math.max(since, hold.to)
  }
  return workedMs + calendar.workingMs(since, to)
}

/**
 * The instant, epoch ms, at which the clock of a visit shows `ms`, if nothing stops it after the last of `holds`. A
 * hold that begins later has no effect: an order that was overdue stays overdue since then. Undefined: a current hold
 * prevents it, or the calendar ends before.
 */
export function clockInstant(
  visit: VisitSpan,
  holds: readonly HoldSpan[],
  calendar: WorkingCalendar,
  ms: number,
): number | undefined {
  let since = visit.enteredAt
  let leftMs = ms
  for (const hold of holds) {
    if (hold.to <= since) continue
    const workedMs = calendar.workingMs(since, hold.from)
    if (workedMs >= leftMs) break
    leftMs -= workedMs
    since = hold.to
  }
  return since === Infinity ? undefined : calendar.instantAfter(since, leftMs)
}
