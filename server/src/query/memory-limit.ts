import type { LiveEngine } from '../engine/live-engine.ts'
import { inSlices } from './in-slices.ts'

/** So many finished visits of a site stay in memory, the most recent ones. */
export const mostVisits = 10_000_000

/** Lets an engine that is full forget its oldest visits, while everything else goes on. */
export class MemoryLimit {
  readonly #engine: LiveEngine
  #isForgetting = false

  constructor(engine: LiveEngine) {
    this.#engine = engine
  }

  keep(): void {
    if (this.#isForgetting || !this.#engine.isFull) return
    this.#isForgetting = true
    void inSlices(this.#engine.forgetOldest()).finally(() => (this.#isForgetting = false))
  }
}
