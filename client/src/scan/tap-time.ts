/** The server's clock and the device's clocks, read at the same time. */
export interface Contact extends Reading {
  /** Epoch ms by the server's clock. */
  readonly serverAt: number
}

/** The device's clocks at one instant. */
export interface Reading {
  /** Epoch ms; the user may change it. */
  readonly wallAt: number
  /** Ms since the page was loaded. It cannot be changed, but it may stop while the device sleeps. */
  readonly monotonicAt: number
  /** Identifies the page load: the monotonic clocks of two loads are not comparable. */
  readonly page: string
}

/** Clock readings of a tap, with the last contact before it. */
export interface TapReading extends Reading {
  /** Undefined if there was no contact yet. */
  readonly before?: Contact | undefined
}

/**
 * Two readings may differ by this much with an unchanged clock, because of network latency and the rounding of headers.
 */
const toleranceMs = 2_000

/**
 * The instant of a tap by the server's clock, epoch ms, even if the device's clock was changed in the meantime. If the
 * clock was not changed between two contacts, their offset is correct. If it was changed, the offset of the contact on
 * the same side of the change is correct; the monotonic clock, which can only stop, gives the earliest and the latest
 * possible time of the tap.
 * @param after the first contact after the tap. Undefined if there was none yet.
 */
export function tapInstant(tap: TapReading, after: Contact | undefined): number {
  const { before } = tap
  const byBefore = before && tap.wallAt + offsetOf(before)
  const byAfter = after && tap.wallAt + offsetOf(after)
  const earliest = before === undefined ? -Infinity : before.serverAt + sharedMs(before, tap)
  const latest = after === undefined ? Infinity : after.serverAt - sharedMs(tap, after)
  const fits = (at: number) => at >= earliest - toleranceMs && at <= latest + toleranceMs
  const guess = chosen()
  return Math.round(Math.max(Math.min(guess, latest), Math.min(earliest, latest)))

  function chosen(): number {
    if (byBefore === undefined || byAfter === undefined) return byBefore ?? byAfter ?? tap.wallAt
    if (Math.abs(byBefore - byAfter) <= toleranceMs || isEven(before, tap)) return byBefore
    if (isEven(tap, after)) return byAfter
    // A device's clock is mostly changed when it gets its network back, which is after the tap.
    return fits(byBefore) || !fits(byAfter) ? byBefore : byAfter
  }
}

function offsetOf({ serverAt, wallAt }: Contact): number {
  return serverAt - wallAt
}

/** Ms that have certainly passed between two readings. */
function sharedMs(from: Reading, to: Reading): number {
  return from.page === to.page ? Math.max(0, to.monotonicAt - from.monotonicAt) : 0
}

/** Whether the device neither slept nor had its clock changed between two readings. */
function isEven(from: Reading | undefined, to: Reading | undefined): boolean {
  if (from === undefined || to === undefined || from.page !== to.page) return false
  return Math.abs(to.wallAt - from.wallAt - (to.monotonicAt - from.monotonicAt)) <= toleranceMs
}
