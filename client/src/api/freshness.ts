/** `none`: no numbers yet. `late`: still the picture, with its age. `lost`: nobody may decide by the picture. */
export type Freshness = 'none' | 'live' | 'late' | 'lost'

const lateAfterMs = 5_000
export const lostAfterMs = 15_000

/**
 * How far the picture can be trusted. Both instants are monotonic ms: a device whose clock is wrong or is set must
 * not make a dead connection look alive. `confirmedAt`: when the numbers were last known to be the server's.
 */
export function freshness(confirmedAt: number | undefined, now: number): Freshness {
  if (confirmedAt === undefined) return 'none'
  const ageMs = now - confirmedAt
  if (ageMs < lateAfterMs) return 'live'
  return ageMs < lostAfterMs ? 'late' : 'lost'
}
