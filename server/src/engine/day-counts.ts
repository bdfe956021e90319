interface DayCount {
  readonly day: number
  count: number
}

/** Number of occurrences on each local day, retractable. */
export class DayCounts {
  readonly #counts = new Map<number, DayCount>()
  /** The day that changed last; the next change is often on the same day. */
  #recent: DayCount | undefined
  /** Undefined if it has to be determined again. */
  #last: number | undefined

  /** @param day the instant at which the day starts. */
  add(day: number, delta: number): void {
    const counted = this.#recent?.day === day ? this.#recent : (this.#counts.get(day) ?? this.#begin(day))
    counted.count += delta
    this.#recent = counted
    const { count } = counted
    if (count === 0) {
      this.#counts.delete(day)
      this.#recent = undefined
    }
    if (count === 0 ? day === this.#last : this.#last !== undefined && day > this.#last) this.#last = undefined
  }

  of(day: number): number {
    return this.#counts.get(day)?.count ?? 0
  }

  /** The last day with an occurrence. Undefined if there is none. */
  lastDay(): number | undefined {
    if (this.#last !== undefined) return this.#last
    for (const day of this.#counts.keys()) if (this.#last === undefined || day > this.#last) this.#last = day
    return this.#last
  }

  /** Whether there was an occurrence before the instant. */
  hasBefore(instant: number): boolean {
    for (const day of this.#counts.keys()) if (day < instant) return true
    return false
  }

  #begin(day: number): DayCount {
    const counted = { day, count: 0 }
    this.#counts.set(day, counted)
    return counted
  }
}
