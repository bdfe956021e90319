/** Smaller differences are timer jitter or clock corrections. */
const toleratedMs = 5_000

/**
 * Detects that the device was suspended. On most devices the monotonic clock stops meanwhile, so a board confirmed just
 * before would look current; the device's wall clock continues.
 */
export class SuspendDetector {
  #monotonic: number
  #device: number

  /** Both arguments are from the same moment: monotonic ms and epoch ms. */
  constructor(monotonic: number, device: number) {
    this.#monotonic = monotonic
    this.#device = device
  }

  /** How long the device was suspended since the last call, ms. Setting the clock ahead counts as a suspension. */
  sleptMs(monotonic: number, device: number): number {
    const jumpMs = device - this.#device - (monotonic - this.#monotonic)
    this.#monotonic = monotonic
    this.#device = device
    return jumpMs > toleratedMs ? jumpMs : 0
  }
}
