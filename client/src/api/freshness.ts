/** `none`: no data yet. `late`: still shown, with its age. `lost`: too old to base a decision on. */
export type Freshness = 'none' | 'live' | 'late' | 'lost'

const lateAfterMs = 5_000
export const lostAfterMs = 15_000

/**
 * How far the displayed data can be trusted. Both instants are monotonic ms, so that a wrong or adjusted device clock
 * cannot make a dead connection look alive. `confirmedAt`: when the data was last confirmed by the server.
 */
export function freshness(confirmedAt: number | undefined, now: number): Freshness {
  if (confirmedAt === undefined) return 'none'
  const ageMs = now - confirmedAt
  if (ageMs < lateAfterMs) return 'live'
  return ageMs < lostAfterMs ? 'late' : 'lost'
}
