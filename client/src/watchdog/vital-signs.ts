const stuckAfterMs = 30_000
/** Scripts and fonts may load over a slow line. */
const firstBeatWithinMs = 60_000

/** Time of the last sign of each kind, monotonic ms. */
export interface VitalSigns {
  readonly openedAt: number
  /** The browser has painted. */
  readonly frameAt: number
  /** The wall has rendered. Undefined until the first time. */
  readonly beatAt: number | undefined
  /** The event loop has completed a turn. */
  readonly turnAt: number
}

/** Whether a visible page has stopped updating. */
export function isStuck({ openedAt, frameAt, beatAt, turnAt }: VitalSigns, now: number): boolean {
  const silentMs = beatAt === undefined ? now - openedAt - (firstBeatWithinMs - stuckAfterMs) : now - beatAt
  return Math.max(silentMs, now - frameAt, now - turnAt) > stuckAfterMs
}
