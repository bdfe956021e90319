/**
 * What was noted of each order, for the orders that came last: at least `kept` and at most twice as many are remembered,
 * so that a file of any size takes the same memory. Orders that come back after that are new ones.
 */
export class RecentOrders<T> {
  readonly #kept: number
  readonly #forget: (noted: T) => void
  #recent = new Map<string, T>()
  #before = new Map<string, T>()

  /** @param forget gets what is no longer remembered. */
  constructor(kept: number, forget: (noted: T) => void = () => {}) {
    this.#kept = kept
    this.#forget = forget
  }

  /** Who asks for an order has heard of it, so that it stays among those that came last. */
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
