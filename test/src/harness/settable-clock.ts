import { SystemClock } from '@stagewatch/server/platform/clock/clock.ts'

/** The clock of this machine, which a test sets as an operator would: the wall-clock time jumps, and no timer knows. */
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

  /** Negative: back. */
  set(byMs: number): void {
    this.#setBy.ms += byMs
  }
}
