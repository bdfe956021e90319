const quarterHourMs = 15 * 60_000

/**
 * Where the calendar days of a zone begin, remembered: asking the calendar costs some 50 µs, and zones change their
 * offset at quarter hours only.
 */
export class LocalDays {
  readonly #timeZone: string
  readonly #starts = new Map<number, number>()

  /** @param timeZone IANA name. @throws RangeError when the runtime does not know it. */
  constructor(timeZone: string) {
    this.#timeZone = timeZone
    this.startOf(0)
  }

  /** The instant, epoch ms, at which the day that contains `at` began. */
  startOf(at: number): number {
    const quarter = Math.floor(at / quarterHourMs)
    const known = this.#starts.get(quarter)
    if (known !== undefined) return known
    const start = this.#zoned(at).startOfDay().epochMilliseconds
    if (this.#starts.size > 100_000) this.#starts.clear()
    this.#starts.set(quarter, start)
    return start
  }

  /** The start of the day that lies `days` after the one that contains `at`; negative: before. */
  startOfOffset(at: number, days: number): number {
    return this.#zoned(at).add({ days }).startOfDay().epochMilliseconds
  }

  /** The same clock time on another day. */
  sameTimeOffset(at: number, days: number): number {
    return this.#zoned(at).add({ days }).epochMilliseconds
  }

  /** The hour that the zone's clocks show, 0..23. */
  hourOf(at: number): number {
    return this.#zoned(at).hour
  }

  /** 1 (Monday) to 7 (Sunday). */
  weekdayOf(at: number): number {
    return this.#zoned(at).dayOfWeek
  }

  #zoned(at: number): Temporal.ZonedDateTime {
    return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(this.#timeZone)
  }
}
