import { progressOf } from './evolve-visits.ts'
import type { FoldedOrder, HoldSpan } from './fold-state.ts'
import type { StageVisit } from './stage-visit.ts'
import { alwaysOpen } from './time/always-open.ts'
import type { WorkingCalendar } from './time/working-calendar.ts'
import { clockInstant, holdsDuring } from './visit-clock.ts'
import type { VisitSla } from './visit-sla.ts'
import { warnMs } from './visit-status.ts'

/** Epoch ms; `to` is exclusive. It is in the future if it is already known, and `Infinity` if it is not. */
export interface StatusSpan {
  readonly from: number
  readonly to: number
}

/** When a visit was at risk and when it was stalled, consistent with `visitStatus` at each instant. */
export interface StatusSpans {
  /** Undefined: never. */
  readonly atRisk?: StatusSpan
  /** Ascending. */
  readonly stalled: readonly StatusSpan[]
}

const none: StatusSpans = { stalled: [] }

/**
 * The spans that have begun by `now`, as known today: an event that arrived late counts from when it happened, and a
 * visit that was only reported by its end counts for its whole duration.
 * @param workedMs Working time from entering to leaving, or to now. It makes the check of a short visit cheap.
 */
export function statusSpans(
  visit: StageVisit,
  order: Pick<FoldedOrder, 'holds' | 'heldSince' | 'heldUntil'>,
  sla: VisitSla,
  now: number,
  workedMs: number,
): StatusSpans {
  const { targetMs, stallAfterMs } = sla
  const mayRisk = targetMs !== undefined && workedMs >= warnMs(targetMs, sla)
  const mayStall = stallAfterMs !== undefined && workedMs >= stallAfterMs
  if (!mayRisk && !mayStall) return none
  const holds = holdsDuring(order, visit)
  const atRisk = mayRisk ? riskSpan(visit, holds, sla, targetMs, now) : undefined
  const stalled = mayStall ? stalledSpans(visit, holds, sla.calendar, stallAfterMs, now) : []
  return atRisk === undefined ? { stalled } : { atRisk, stalled }
}

/** From the warning to the breach, or to the end of the visit. */
function riskSpan(
  visit: StageVisit,
  holds: readonly HoldSpan[],
  sla: VisitSla,
  targetMs: number,
  now: number,
): StatusSpan | undefined {
  const from = clockInstant(visit, holds, sla.calendar, warnMs(targetMs, sla))
  const dueAt = clockInstant(visit, holds, sla.calendar, targetMs)
  return spanWithin(visit, from, dueAt ?? Infinity, now)
}

/** From the stall threshold after each progress to the next progress, to the next hold, or to the end of the visit. */
export function stalledSpans(
  visit: StageVisit,
  holds: readonly HoldSpan[],
  calendar: WorkingCalendar,
  stallAfterMs: number,
  now: number,
): StatusSpan[] {
  return spansWithout(movedAt(visit, holds), visit, holds, calendar, stallAfterMs, now)
}

/** The same for elapsed time without news: without progress, and without a report of the order's position. */
export function silentSpans(visit: StageVisit, holds: readonly HoldSpan[], afterMs: number): StatusSpan[] {
  const news = [...movedAt(visit, holds), ...(visit.positions ?? [])].toSorted((a, b) => a - b)
  return spansWithout(news, visit, holds, alwaysOpen, afterMs, Infinity)
}

/** @param moved instants that end a span, ascending. */
function spansWithout(
  moved: readonly number[],
  visit: StageVisit,
  holds: readonly HoldSpan[],
  calendar: WorkingCalendar,
  stallAfterMs: number,
  now: number,
): StatusSpan[] {
  const { leftAt = Infinity } = visit
  const spans: StatusSpan[] = []
  let hold = 0
  for (const [i, at] of moved.entries()) {
    if (at >= leftAt) break
    while ((holds[hold]?.to ?? Infinity) <= at) hold += 1
    const heldFrom = holds[hold]?.from ?? Infinity
    // Progress while the order is on hold does not end the hold.
    if (heldFrom <= at) continue
    const until = Math.min(moved[i + 1] ?? Infinity, heldFrom)
    if (until - at < stallAfterMs) continue
    const span = spanWithin(visit, calendar.instantAfter(at, stallAfterMs), until, now)
    if (span !== undefined) spans.push(span)
  }
  return spans
}

/** Instants of progress, ascending. */
function movedAt(visit: StageVisit, holds: readonly HoldSpan[]): readonly number[] {
  const progress = progressOf(visit)
  if (progress.length + holds.length === 0) return [visit.enteredAt]
  return [visit.enteredAt, ...progress, ...holds.map(({ to }) => to)].toSorted((a, b) => a - b)
}

function spanWithin(
  { leftAt = Infinity }: StageVisit,
  from: number | undefined,
  until: number,
  now: number,
): StatusSpan | undefined {
  const to = Math.min(until, leftAt)
  return from === undefined || from > now || from >= to ? undefined : { from, to }
}
