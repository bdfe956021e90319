import type { Clock, ClockStep } from './clock.ts'

/** What is told of a step for so long, and no longer. */
const toldForMs = 24 * 3_600_000

/** Remembers when the clock of this machine was set last, for whoever wonders about the times that are shown. */
export class ClockSteps {
  readonly #clock: Clock
  readonly #unlisten: () => void
  #last: { readonly step: ClockStep; readonly noticedAt: number } | undefined

  /** @param stepped is told of each step. */
  constructor(clock: Clock, stepped: (step: ClockStep) => void) {
    this.#clock = clock
    this.#unlisten = clock.onStep((step) => {
      this.#last = { step, noticedAt: clock.elapsed() }
      stepped(step)
    })
  }

  /** The last step within a day; undefined: the clock was not set. */
  get recent(): ClockStep | undefined {
    if (this.#last === undefined || this.#clock.elapsed() - this.#last.noticedAt > toldForMs) return undefined
    return this.#last.step
  }

  close(): void {
    this.#unlisten()
  }
}
