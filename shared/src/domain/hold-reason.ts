import type { HoldReason } from './process-definition.ts'

/** The reason among those of a stage that a text names in any language; undefined: it is somebody's own words. */
export function holdReasonOf(reasons: readonly HoldReason[] = [], text: string): HoldReason | undefined {
  return reasons.find(({ name }) => Object.values(name).includes(text.trim()))
}

/**
 * Until when a hold for this reason may be planned at the latest, epoch ms; then it also has to have an end. Undefined:
 * any time, also without an end.
 */
export function latestHoldEnd(
  reasons: readonly HoldReason[] | undefined,
  text: string,
  heldSince: number,
): number | undefined {
  const maxMs = holdReasonOf(reasons, text)?.maxMs
  return maxMs === undefined ? undefined : heldSince + maxMs
}
