import type { Clock } from '../platform/clock/clock.ts'
import type { LiveEngine } from '../engine/live-engine.ts'

const retryAfterMs = 1_000

/** Advances the engine at the instants at which an order becomes at risk, overdue or stalled by time alone. */
export class EngineTimer {
  readonly #engine: LiveEngine
  readonly #clock: Clock
  readonly #changed: () => void
  #cancel: (() => void) | undefined

  /** @param changed called when time alone has changed something. */
  constructor(engine: LiveEngine, clock: Clock, changed: () => void) {
    this.#engine = engine
    this.#clock = clock
    this.#changed = changed
  }

  /** Must be called when the instant of the next change may have moved. */
  arm(): void {
    this.stop()
    const at = this.#engine.nextChangeAt()
    if (at === undefined) return
    this.#cancel = this.#clock.at(at, () => this.#advance())
  }

  #advance(): void {
    // Set before anything can fail, so that an order that cannot be evaluated now does not delay the others.
    this.#cancel = this.#clock.after(retryAfterMs, () => this.arm())
    this.#engine.advance(this.#clock.now())
    this.#changed()
    this.arm()
  }

  stop(): void {
    this.#cancel?.()
    this.#cancel = undefined
  }
}
