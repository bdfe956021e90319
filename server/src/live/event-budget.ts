const eventsPerWindow = 200
const windowMs = 5_000

/** How many events one client may send: a screen joins once, and again when it has missed something, and says of
 * each delta that it has seen it. */
export class EventBudget {
  #left = eventsPerWindow
  #windowEnds = 0

  /** @param now ms of a clock that only goes forward. */
  take(now: number): boolean {
    if (now >= this.#windowEnds) {
      this.#windowEnds = now + windowMs
      this.#left = eventsPerWindow
    }
    this.#left -= 1
    return this.#left >= 0
  }
}
