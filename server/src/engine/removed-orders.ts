/** More orders than can depart while a concurrent read is in progress. */
const maxRemoved = 10_000

/**
 * The orders that departed last, because all their events were retracted or they left the view, with the number of
 * their events. A concurrent read may return an older state, which must not bring the order back.
 */
export class RemovedOrders {
  readonly #eventCounts = new Map<string, number>()

  get size(): number {
    return this.#eventCounts.size
  }

  /** 0 if the order has not departed, or departed long ago. */
  eventCount(order: string): number {
    return this.#eventCounts.get(order) ?? 0
  }

  add(order: string, eventCount: number): void {
    this.#eventCounts.delete(order)
    this.#eventCounts.set(order, eventCount)
    if (this.#eventCounts.size <= maxRemoved) return
    const oldest = this.#eventCounts.keys().next()
    if (oldest.done !== true) this.#eventCounts.delete(oldest.value)
  }

  delete(order: string): void {
    this.#eventCounts.delete(order)
  }
}
