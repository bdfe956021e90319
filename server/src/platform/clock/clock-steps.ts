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

  /**
   * The last step within a day; undefined if the clock was not set. It includes a step that no regular check has found
   * yet, so that the new time is never sent without its explanation.
   */
  get recent(): ClockStep | undefined {
    this.#clock.checkForStep()
    if (this.#last === undefined || this.#clock.elapsed() - this.#last.noticedAt > toldForMs) return undefined
    return this.#last.step
  }

  close(): void {
    this.#unlisten()
  }
}
