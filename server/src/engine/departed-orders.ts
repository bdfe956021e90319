/** Longer than what is read at the same moment takes to arrive. */
const maxDeparted = 10_000

/**
 * The orders that went last, because every event of them was taken back or they left the view, with how many events
 * they had. What is read at the same moment may be older: an order that has just gone does not come back by it.
 */
export class DepartedOrders {
  readonly #eventCounts = new Map<string, number>()

  get size(): number {
    return this.#eventCounts.size
  }

  /** 0: it has not gone, or long ago. */
  eventCount(order: string): number {
    return this.#eventCounts.get(order) ?? 0
  }

  add(order: string, eventCount: number): void {
    this.#eventCounts.delete(order)
    this.#eventCounts.set(order, eventCount)
    if (this.#eventCounts.size <= maxDeparted) return
    const oldest = this.#eventCounts.keys().next()
    if (oldest.done !== true) this.#eventCounts.delete(oldest.value)
  }

  delete(order: string): void {
    this.#eventCounts.delete(order)
  }
}
