import { holdsDuring, clockInstant, clockMs } from './visit-clock.ts'
import type { FoldedOrder } from './fold-state.ts'
import { isOnHold } from './hold-time.ts'
import type { StageVisit } from './stage-visit.ts'
import type { VisitSla } from './visit-sla.ts'

/** How near its limit an order is called "soon", working ms. */
export const soonWithinMs = 2 * 3_600_000

/** Where an open visit stands at one instant. */
export interface VisitStatus {
  readonly overdue: boolean
  /** Past the warning and not yet overdue. */
  readonly atRisk: boolean
  /** At risk, and the limit comes within `soonWithinMs` of working time if nothing happens. */
  readonly soon: boolean
  readonly stalled: boolean
  readonly onHold: boolean
  /** The instant of the breach; undefined without a target, or while a hold without an end keeps it from coming. */
  readonly dueAt?: number
  /** The next instant at which one of these changes by itself; undefined: none will. */
  readonly changesAt?: number
}

/** What the status of a visit depends on besides the visit. */
export type StatusOrder = Pick<FoldedOrder, 'holds' | 'heldSince' | 'heldUntil' | 'lastProgressAt'>

/** Status of an open visit at `now`. The clock stands still outside of working time and while the order is on hold. */
export function visitStatus(visit: StageVisit, order: StatusOrder, sla: VisitSla, now: number): VisitStatus {
  const { targetMs, stallAfterMs, calendar } = sla
  const { heldUntil = Infinity } = order
  const onHold = isOnHold(order, now)
  const holds = holdsDuring(order, visit)
  const instantOf = (ms: number) => clockInstant(visit, holds, calendar, ms)
  // A hold that has ended by itself has moved the order on, as if an event had ended it.
  const progressAt = heldUntil <= now ? Math.max(order.lastProgressAt, heldUntil) : order.lastProgressAt
  const stalledAt = stallAfterMs === undefined || onHold ? undefined : calendar.instantAfter(progressAt, stallAfterMs)
  const dueAt = targetMs === undefined ? undefined : instantOf(targetMs)
  const riskAt = targetMs === undefined ? undefined : instantOf(warnMs(targetMs, sla))
  const soonAt =
    targetMs === undefined || onHold ? undefined : instantOf(Math.max(warnMs(targetMs, sla), targetMs - soonWithinMs))
  const passed = (at: number | undefined) => at !== undefined && at <= now
  const changes = [stalledAt, dueAt, riskAt, soonAt, heldUntil]
  const next = Math.min(...changes.map((at = Infinity) => (at > now ? at : Infinity)))
  const overdue = passed(dueAt)
  return {
    overdue,
    atRisk: !overdue && passed(riskAt),
    soon: !overdue && passed(soonAt),
    stalled: passed(stalledAt),
    onHold,
    ...(dueAt !== undefined && { dueAt }),
    ...(next !== Infinity && { changesAt: next }),
  }
}

/** How far the clock of a visit is past its limit at `now`, working ms; negative: before it. Undefined: it has none. */
export function pastTargetMs(
  visit: StageVisit,
  order: StatusOrder,
  { targetMs, calendar }: VisitSla,
  now: number,
): number | undefined {
  return targetMs === undefined ? undefined : clockMs(visit, holdsDuring(order, visit), calendar, now) - targetMs
}

/** Whole ms, so that the instant at which an order becomes at risk is one that a clock can show. */
export function warnMs(targetMs: number, { warnAtRatio }: VisitSla): number {
  return Math.ceil(targetMs * warnAtRatio)
}
