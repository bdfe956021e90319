import type { LiveEngine } from '../engine/live-engine.ts'
import { inSlices } from '../platform/in-slices.ts'

/** Maximum number of finished visits per site in memory; the most recent ones are kept. */
export const maxVisits = 10_000_000

/** Evicts the oldest visits of a full engine in the background. */
export class MemoryLimit {
  readonly #engine: LiveEngine
  readonly #failed: (error: unknown) => void
  #isForgetting = false

  /** @param failed reports errors, because the eviction has no caller. */
  constructor(engine: LiveEngine, failed: (error: unknown) => void) {
    this.#engine = engine
    this.#failed = failed
  }

  keep(): void {
    if (this.#isForgetting || !this.#engine.isFull) return
    this.#isForgetting = true
    void inSlices(this.#engine.evictOldest())
      .catch(this.#failed)
      .finally(() => (this.#isForgetting = false))
  }
}
