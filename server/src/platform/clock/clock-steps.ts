import type { Clock, ClockStep } from './clock.ts'

/** How long a step is reported. */
const toldForMs = 24 * 3_600_000

/** Remembers the last time this machine's clock was set, to explain surprising timestamps. */
export class ClockSteps {
  readonly #clock: Clock
  readonly #unlisten: () => void
  #last: { readonly step: ClockStep; readonly noticedAt: number } | undefined

  /** @param stepped is called for each step. */
  constructor(clock: Clock, stepped: (step: ClockStep) => void) {
    this.#clock = clock
    this.#unlisten = clock.onStep((step) => {
      this.#last = { step, noticedAt: clock.elapsed() }
      stepped(step)
    })
  }

  /** The last step within a day; undefined if the clock was not set. */
  get recent(): ClockStep | undefined {
    if (this.#last === undefined || this.#clock.elapsed() - this.#last.noticedAt > toldForMs) return undefined
    return this.#last.step
  }

  close(): void {
    this.#unlisten()
  }
}
