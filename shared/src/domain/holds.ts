import type { FoldState, HoldSpan } from './fold-state.ts'
import type { HoldReason } from './process-definition.ts'

/** Whether an order is on hold at an instant; a planned end that has passed ends the hold. */
export function isOnHold({ heldSince, heldUntil = Infinity }: Pick<FoldState, 'heldSince' | 'heldUntil'>, at: number) {
  return heldSince !== undefined && at < heldUntil
}

/** Ms within `from`..`to` during which the order was on hold, including the current hold. */
export function heldMsWithin(
  state: Pick<FoldState, 'holds' | 'heldSince' | 'heldUntil'>,
  from: number,
  to: number,
): number {
  const { heldSince, heldUntil = to } = state
  let heldMs = heldSince === undefined ? 0 : overlapMs({ from: heldSince, to: heldUntil }, from, to)
  // Iterates from the last hold, because queries are nearly always about recent ones.
  for (let i = state.holds.length - 1; i >= 0; i--) {
    const hold = state.holds[i]
    if (hold === undefined || hold.to <= from) break
    heldMs += overlapMs(hold, from, to)
  }
  return heldMs
}

export function overlapMs(hold: HoldSpan, from: number, to: number): number {
  return Math.max(0, Math.min(hold.to, to) - Math.max(hold.from, from))
}

/** The stage's reason whose name in any language equals the text. Undefined: the text is not one of the reasons. */
export function holdReasonOf(reasons: readonly HoldReason[] = [], text: string): HoldReason | undefined {
  return reasons.find(({ name }) => Object.values(name).includes(text.trim()))
}

/**
 * The latest planned end of a hold for this reason, epoch ms; the hold must then have an end. Undefined: no
 * restriction, and no end is required.
 */
export function latestHoldEnd(
  reasons: readonly HoldReason[] | undefined,
  text: string,
  heldSince: number,
): number | undefined {
  const maxMs = holdReasonOf(reasons, text)?.maxMs
  return maxMs === undefined ? undefined : heldSince + maxMs
}
