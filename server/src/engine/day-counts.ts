/** How often something happened on each local day, retractable. */
export class DayCounts {
  readonly #counts = new Map<number, number>()
  /** Undefined while it is not known. */
  #last: number | undefined

  /** @param day the instant at which the day began. */
  add(day: number, delta: number): void {
    const count = (this.#counts.get(day) ?? 0) + delta
    if (count === 0) this.#counts.delete(day)
    else this.#counts.set(day, count)
    if (count === 0 ? day === this.#last : this.#last !== undefined && day > this.#last) this.#last = undefined
  }

  of(day: number): number {
    return this.#counts.get(day) ?? 0
  }

  /** The last day on which something happened; undefined: nothing ever did. */
  lastDay(): number | undefined {
    if (this.#last !== undefined) return this.#last
    for (const day of this.#counts.keys()) if (this.#last === undefined || day > this.#last) this.#last = day
    return this.#last
  }

  /** Whether something happened before the instant. */
  hasBefore(instant: number): boolean {
    for (const day of this.#counts.keys()) if (day < instant) return true
    return false
  }
}
