import { clockMs } from './stage-visit.ts'
import type { StageVisit } from './stage-visit.ts'

/** What a visit is held against. All in ms on the target's clock. */
export interface VisitLimits {
  /** Undefined: the stage has no target, so nothing in it is at risk or overdue. */
  readonly targetMs?: number | undefined
  /** Share of the target from which the order is at risk, 0..1. */
  readonly warnAtRatio: number
  /** Without a progress event for so long the order is stalled; undefined: never. */
  readonly stallAfterMs?: number | undefined
}

/** How near its limit an order is called "soon". */
export const soonWithinMs = 2 * 3_600_000

/** Where an open visit stands at one instant. */
export interface VisitStatus {
  readonly overdue: boolean
  /** Past the warning and not yet overdue. */
  readonly atRisk: boolean
  /** At risk, and the limit comes within `soonWithinMs` if nothing happens. */
  readonly soon: boolean
  readonly stalled: boolean
  readonly onHold: boolean
  /** The instant of the breach; undefined without a target, or while the clock is stopped. */
  readonly dueAt?: number
  /** How far past its limit (negative: before it) the stopped clock stands. */
  readonly stoppedOverMs?: number
  /** The next instant at which one of these changes by itself; undefined: none will. */
  readonly changesAt?: number
}

/**
 * Status of an open visit at `now`. The clock stops while the order is on hold, and so does every instant that
 * would have come.
 * @param lastProgressAt when something last moved the order on; a note or an assignment is no progress.
 */
export function visitStatus(visit: StageVisit, lastProgressAt: number, limits: VisitLimits, now: number): VisitStatus {
  const { targetMs, stallAfterMs } = limits
  if (visit.heldSince !== undefined) {
    const overMs = targetMs === undefined ? undefined : clockMs(visit, now) - targetMs
    const overdue = overMs !== undefined && overMs >= 0
    const atRisk = !overdue && targetMs !== undefined && clockMs(visit, now) >= warnMs(targetMs, limits)
    const stopped = overMs === undefined ? {} : { stoppedOverMs: overMs }
    return { overdue, atRisk, soon: false, stalled: false, onHold: true, ...stopped }
  }
  const stalledAt = stallAfterMs === undefined ? undefined : lastProgressAt + stallAfterMs
  const stalled = stalledAt !== undefined && stalledAt <= now
  const pending = stalledAt === undefined || stalled ? [] : [stalledAt]
  if (targetMs === undefined) {
    return { overdue: false, atRisk: false, soon: false, stalled, onHold: false, ...earliest(pending) }
  }
  const dueAt = visit.enteredAt + visit.heldMs + targetMs
  const riskAt = dueAt - targetMs + warnMs(targetMs, limits)
  const soonAt = Math.max(riskAt, dueAt - soonWithinMs)
  for (const at of [riskAt, soonAt, dueAt]) if (at > now) pending.push(at)
  const overdue = dueAt <= now
  return {
    overdue,
    atRisk: !overdue && riskAt <= now,
    soon: !overdue && soonAt <= now,
    stalled,
    onHold: false,
    dueAt,
    ...earliest(pending),
  }
}

/** Whole ms, so that the instant at which an order becomes at risk is one that a clock can show. */
function warnMs(targetMs: number, limits: VisitLimits): number {
  return Math.ceil(targetMs * limits.warnAtRatio)
}

function earliest(instants: readonly number[]): { changesAt?: number } {
  return instants.length === 0 ? {} : { changesAt: Math.min(...instants) }
}
