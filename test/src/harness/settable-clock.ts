import { SystemClock } from '@stagewatch/server/platform/clock/clock.ts'

/**
 * The clock of this machine, which a test can set like an operator: wall-clock time jumps, and timers do not notice.
 */
export class SettableClock extends SystemClock {
  readonly #setBy: { ms: number }

  constructor() {
    const setBy = { ms: 0 }
    super({
      readWall: () => Date.now() + setBy.ms,
      onError: (error) => {
        throw error
      },
    })
    this.#setBy = setBy
  }

  /** Negative sets the clock back. */
  set(byMs: number): void {
    this.#setBy.ms += byMs
  }
}
