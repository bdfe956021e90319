/** The server's clock and those of the device, read at the same time. */
export interface Contact extends Reading {
  /** Epoch ms by the server's clock. */
  readonly serverAt: number
}

/** The clocks of the device at an instant. */
export interface Reading {
  /** Epoch ms; somebody may set it. */
  readonly wallAt: number
  /** Ms since the page was loaded; nobody can set it, and it may stand still while the device sleeps. */
  readonly monotonicAt: number
  /** Names the load of the page: readings of two loads have no monotonic clock in common. */
  readonly page: string
}

/** When something was tapped, with the last contact before it. */
export interface TapReading extends Reading {
  /** Undefined: the device has had none yet. */
  readonly before?: Contact | undefined
}

/** By so much two readings may differ although nobody has set the clock: answers travel, and headers round. */
const toleranceMs = 2_000

/**
 * The instant of a tap by the server's clock, epoch ms, whatever the clock of the device was set to meanwhile. A clock
 * that was not set between two contacts is right by their offset. One that was set is right by the contact from which on
 * it ran evenly; and the monotonic clock, which may only stand still, says how early and how late the tap may have been.
 * @param after the first contact after the tap; undefined: there was none yet.
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
    // A device is mostly set when it finds its network again, which is after the tap.
    return fits(byBefore) || !fits(byAfter) ? byBefore : byAfter
  }
}

function offsetOf({ serverAt, wallAt }: Contact): number {
  return serverAt - wallAt
}

/** Ms that certainly passed between two readings. */
function sharedMs(from: Reading, to: Reading): number {
  return from.page === to.page ? Math.max(0, to.monotonicAt - from.monotonicAt) : 0
}

/** Whether the device neither slept nor was set between two readings. */
function isEven(from: Reading | undefined, to: Reading | undefined): boolean {
  if (from === undefined || to === undefined || from.page !== to.page) return false
  return Math.abs(to.wallAt - from.wallAt - (to.monotonicAt - from.monotonicAt)) <= toleranceMs
}
