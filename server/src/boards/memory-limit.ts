import type { LiveEngine } from '../engine/live-engine.ts'
import { inSlices } from '../platform/in-slices.ts'

/** So many finished visits of a site stay in memory, the most recent ones. */
export const maxVisits = 10_000_000

/** Lets an engine that is full forget its oldest visits, while everything else goes on. */
export class MemoryLimit {
  readonly #engine: LiveEngine
  readonly #failed: (error: unknown) => void
  #isForgetting = false

  /** @param failed is told what goes wrong, since nobody waits for it. */
  constructor(engine: LiveEngine, failed: (error: unknown) => void) {
    this.#engine = engine
    this.#failed = failed
  }

  keep(): void {
    if (this.#isForgetting || !this.#engine.isFull) return
    this.#isForgetting = true
    void inSlices(this.#engine.forgetOldest())
      .catch(this.#failed)
      .finally(() => (this.#isForgetting = false))
  }
}
