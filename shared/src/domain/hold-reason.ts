import type { HoldReason } from './process-definition.ts'

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
