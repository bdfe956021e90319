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

const withinMs = 600_000
const mostReloads = 3

/** The reloads of the last ten minutes, epoch ms by the device's clock. */
export function recentReloads(text: string | null, now: number): number[] {
  const recent = (text ?? '')
    .split(' ')
    .map(Number)
    .filter((at) => at > 0 && at <= now && now - at < withinMs)
  return recent
}

/** Another reload does not fix a page that was already reloaded this often. */
export function isHopeless(reloads: readonly number[]): boolean {
  return reloads.length >= mostReloads
}
