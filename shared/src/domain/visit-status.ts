import { holdsDuring, clockInstant, clockMs } from './visit-clock.ts'
import type { FoldedOrder } from './fold-state.ts'
import { isOnHold } from './holds.ts'
import type { StageVisit } from './stage-visit.ts'
import type { VisitSla } from './visit-sla.ts'

/** An order is "soon" overdue within this distance from its limit, working ms. */
export const soonWithinMs = 2 * 3_600_000

/** Status of an open visit at one instant. */
export interface VisitStatus {
  readonly overdue: boolean
  /** Past the warning threshold and not yet overdue. */
  readonly atRisk: boolean
  /** At risk, and the limit is reached within `soonWithinMs` of working time if nothing happens. */
  readonly soon: boolean
  readonly stalled: boolean
  readonly onHold: boolean
  /** The instant of the breach. Undefined without a target, or while a hold without an end prevents it. */
  readonly dueAt?: number
  /** The next instant at which one of these changes by itself. Undefined: none will. */
  readonly changesAt?: number
}

/** The fields of the order on which the status of a visit depends. */
export type StatusOrder = Pick<FoldedOrder, 'holds' | 'heldSince' | 'heldUntil' | 'lastProgressAt'>

/** Status of an open visit at `now`. The clock stops outside of working time and while the order is on hold. */
export function visitStatus(visit: StageVisit, order: StatusOrder, sla: VisitSla, now: number): VisitStatus {
  const { targetMs, stallAfterMs, calendar } = sla
  const { heldUntil = Infinity } = order
  const onHold = isOnHold(order, now)
  const holds = holdsDuring(order, visit)
  const instantOf = (ms: number) => clockInstant(visit, holds, calendar, ms)
  // A hold that ended by itself counts as progress, as if an event had ended it.
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
