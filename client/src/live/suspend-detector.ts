/** Below it is the scatter of timers, and a clock that is put right. */
const toleratedMs = 5_000

/**
 * Tells that the device was asleep. The monotonic clock stands still meanwhile on most of them, so what was confirmed
 * just before looks as if it were of now; the device's own clock goes on.
 */
export class SuspendDetector {
  #monotonic: number
  #device: number

  /** Monotonic ms and epoch ms of the same moment. */
  constructor(monotonic: number, device: number) {
    this.#monotonic = monotonic
    this.#device = device
  }

  /** For how long it was asleep since the last look, ms. A clock that somebody sets ahead counts as sleep. */
  sleptMs(monotonic: number, device: number): number {
    const jumpMs = device - this.#device - (monotonic - this.#monotonic)
    this.#monotonic = monotonic
    this.#device = device
    return jumpMs > toleratedMs ? jumpMs : 0
  }
}
