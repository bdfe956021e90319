import type { Clock } from '../platform/clock/clock.ts'
import type { LiveEngine } from '../engine/live-engine.ts'

const retryAfterMs = 1_000

/** An order becomes at risk, overdue or stalled by itself: looks at the engine at the right instant. */
export class EngineTimer {
  readonly #engine: LiveEngine
  readonly #clock: Clock
  readonly #changed: () => void
  #cancel: (() => void) | undefined

  /** @param changed time alone has changed something. */
  constructor(engine: LiveEngine, clock: Clock, changed: () => void) {
    this.#engine = engine
    this.#clock = clock
    this.#changed = changed
  }

  /** The instant of the next change may have moved. */
  arm(): void {
    this.stop()
    const at = this.#engine.nextChangeAt()
    if (at === undefined) return
    this.#cancel = this.#clock.at(at, () => this.#advance())
  }

  #advance(): void {
    // Before anything can go wrong: what is due and cannot be judged now keeps nothing else from its instant.
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
