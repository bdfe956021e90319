/** How often something happened on each local day, retractable. */
export class DayCounts {
  readonly #counts = new Map<number, number>()

  /** @param day the instant at which the day began. */
  add(day: number, delta: number): void {
    const count = (this.#counts.get(day) ?? 0) + delta
    if (count === 0) this.#counts.delete(day)
    else this.#counts.set(day, count)
  }

  of(day: number): number {
    return this.#counts.get(day) ?? 0
  }

  /** Whether something happened before the instant. */
  hasBefore(instant: number): boolean {
    for (const day of this.#counts.keys()) if (day < instant) return true
    return false
  }
}
