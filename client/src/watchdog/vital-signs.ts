const stuckAfterMs = 30_000
/** Scripts and fonts come over whatever line the hall has. */
const firstBeatWithinMs = 60_000

/** When each was seen last; monotonic ms. */
export interface VitalSigns {
  readonly openedAt: number
  /** The browser has painted. */
  readonly frameAt: number
  /** The wall has drawn itself; undefined: not yet. */
  readonly beatAt: number | undefined
  /** The main loop has come round. */
  readonly turnAt: number
}

/** Whether the page shows nothing new any more, although it is on the screen. */
export function isStuck({ openedAt, frameAt, beatAt, turnAt }: VitalSigns, now: number): boolean {
  const silentMs = beatAt === undefined ? now - openedAt - (firstBeatWithinMs - stuckAfterMs) : now - beatAt
  return Math.max(silentMs, now - frameAt, now - turnAt) > stuckAfterMs
}
