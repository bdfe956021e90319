import type { FoldState, HoldSpan } from './fold-state.ts'

/** Ms of `from`..`to` during which the order was on hold, the hold that goes on included. */
export function heldMsWithin(state: Pick<FoldState, 'holds' | 'heldSince'>, from: number, to: number): number {
  let heldMs = 0
  for (const hold of state.holds) heldMs += overlapMs(hold, from, to)
  return state.heldSince === undefined ? heldMs : heldMs + overlapMs({ from: state.heldSince, to }, from, to)
}

function overlapMs(hold: HoldSpan, from: number, to: number): number {
  return Math.max(0, Math.min(hold.to, to) - Math.max(hold.from, from))
}
