/**
 * Values of the most recently used orders. It holds between `kept` and twice as many orders, so that memory does not
 * depend on the file size. An order that occurs again after its eviction counts as new.
 */
export class RecentOrders<T> {
  readonly #kept: number
  readonly #forget: (noted: T) => void
  #recent = new Map<string, T>()
  #before = new Map<string, T>()

  /** @param forget called with each evicted value. */
  constructor(kept: number, forget: (noted: T) => void = () => {}) {
    this.#kept = kept
    this.#forget = forget
  }

  /** Counts as a use of the order. */
  get(order: string): T | undefined {
    const recent = this.#recent.get(order)
    if (recent !== undefined) return recent
    const before = this.#before.get(order)
    if (before !== undefined) this.set(order, before)
    return before
  }

  set(order: string, noted: T): void {
    if (this.#recent.size >= this.#kept && !this.#recent.has(order)) {
      for (const forgotten of this.#before.values()) this.#forget(forgotten)
      this.#before = this.#recent
      this.#recent = new Map()
    }
    this.#before.delete(order)
    this.#recent.set(order, noted)
  }

  *values(): Generator<T> {
    yield* this.#before.values()
    yield* this.#recent.values()
  }
}
