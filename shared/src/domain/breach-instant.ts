import type { HoldSpan } from './fold-state.ts'
import type { StageVisit } from './stage-visit.ts'

/**
 * The instant, epoch ms, at which the clock of a visit reaches the target, if nothing stops it after the last of
 * `holds`. A hold that begins later moves nothing: what was overdue stays overdue since then.
 * @param holds of the order that are over, in order.
 * @param targetMs ms on the visit's clock.
 */
export function breachInstant(visit: StageVisit, holds: readonly HoldSpan[], targetMs: number): number {
  let at = visit.enteredAt + targetMs
  for (const hold of holds) {
    const from = Math.max(hold.from, visit.enteredAt)
    if (from >= at) break
    at += Math.max(0, hold.to - from)
  }
  return at
}
