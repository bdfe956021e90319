import type { Clock } from './clock/clock.ts'

interface Entry<Value> {
  readonly value: Promise<Value | undefined>
  /** Elapsed time. */
  readonly until: number
}

/**
 * What was found in the database, for a short time. Callers who ask for the same at the same time share a query. What
 * was not found is not kept, and a full cache loses its oldest entry, so that guesses cannot empty it.
 */
export class BriefCache<Value> {
  readonly #clock: Clock
  readonly #maxAgeMs: number
  readonly #maxEntries: number
  readonly #entries = new Map<string, Entry<Value>>()

  /** @param maxAgeMs how long a change by another server instance may go unnoticed. */
  constructor(clock: Clock, maxAgeMs: number, maxEntries = 10_000) {
    this.#clock = clock
    this.#maxAgeMs = maxAgeMs
    this.#maxEntries = maxEntries
  }

  get usage() {
    return { size: this.#entries.size, limit: this.#maxEntries }
  }

  /** Called when something has changed: whatever is found before is not used any more. */
  expire(): void {
    this.#entries.clear()
  }

  /** @throws what `load` throws, to everybody who shares the query; the next caller loads again. */
  find(key: string, load: () => Promise<Value | undefined>): Promise<Value | undefined> {
    const now = this.#clock.elapsed()
    const known = this.#entries.get(key)
    if (known !== undefined && known.until > now) return known.value
    this.#entries.delete(key)
    const [oldest] = this.#entries.keys()
    if (oldest !== undefined && this.#entries.size >= this.#maxEntries) this.#entries.delete(oldest)
    const entry = { value: load(), until: now + this.#maxAgeMs }
    this.#entries.set(key, entry)
    void this.#forgetMissing(key, entry)
    return entry.value
  }

  async #forgetMissing(key: string, entry: Entry<Value>): Promise<void> {
    // The error is thrown to the callers, who share the promise.
    const found = await entry.value.catch(() => undefined)
    if (found === undefined && this.#entries.get(key) === entry) this.#entries.delete(key)
  }
}
