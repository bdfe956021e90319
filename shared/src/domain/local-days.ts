const quarterHourMs = 15 * 60_000
const hourMs = 60 * 60_000
const dayMs = 24 * hourMs
/** Lord Howe Island sets its clocks back by half an hour. */
const longestHourMs = 8 * quarterHourMs

/**
 * Start of the calendar days of a zone, cached: a calendar query takes about 50 µs, and zones change their offset only
 * at quarter hours.
 */
export class LocalDays {
  readonly #timeZone: string
  readonly #starts = new Map<number, number>()
  readonly #hourStarts = new Map<number, number>()
  readonly #offsets = new Map<number, number>()
  /** The last requested quarter hour and the start of its day, because requests are often repeated. */
  #lastQuarter = Number.NaN
  #lastStart = Number.NaN

  /** @param timeZone IANA name. @throws RangeError if the runtime does not support it. */
  constructor(timeZone: string) {
    this.#timeZone = timeZone
    this.startOf(0)
  }

  /** Offset of the zone from UTC at an instant, ms; positive: ahead. */
  offsetAt(at: number): number {
    const quarter = Math.floor(at / quarterHourMs)
    const known = this.#offsets.get(quarter)
    if (known !== undefined) return known
    const offset = this.#zoned(at).offsetNanoseconds / 1e6
    if (this.#offsets.size > 100_000) this.#offsets.clear()
    this.#offsets.set(quarter, offset)
    return offset
  }

  /** The instant, epoch ms, at which the day that contains `at` began. */
  startOf(at: number): number {
    const quarter = Math.floor(at / quarterHourMs)
    if (quarter === this.#lastQuarter) return this.#lastStart
    this.#lastStart = this.#starts.get(quarter) ?? this.#findStart(quarter)
    this.#lastQuarter = quarter
    return this.#lastStart
  }

  /** The start of the day that is `days` after the one that contains `at`; negative: before. */
  startOfOffset(at: number, days: number): number {
    return this.#zoned(at).add({ days }).startOfDay().epochMilliseconds
  }

  /** The same clock time on another day. */
  sameTimeOffset(at: number, days: number): number {
    return this.#zoned(at).add({ days }).epochMilliseconds
  }

  /** The last instant, not after `at`, at which the zone's clocks showed a full hour. */
  hourStart(at: number): number {
    const quarter = Math.floor(at / quarterHourMs) * quarterHourMs
    const known = this.#hourStarts.get(quarter)
    if (known !== undefined) return known
    if (this.#hourStarts.size > 100_000) this.#hourStarts.clear()
    const start = this.#fullHour(quarter)
    this.#hourStarts.set(quarter, start)
    return start
  }

  /** Full hours of the zone's clocks up to `at`, newest first. */
  hoursUntil(at: number, count: number): number[] {
    const hours: number[] = []
    for (let hour = this.hourStart(at); hours.length < count; hour = this.hourStart(hour - 1)) hours.push(hour)
    return hours
  }

  /** The first instant after `at` at which the zone's clocks show a full hour. */
  nextHour(at: number): number {
    let instant = (Math.floor(at / quarterHourMs) + 1) * quarterHourMs
    for (const end = instant + longestHourMs; instant < end; instant += quarterHourMs)
      if (this.#zoned(instant).minute === 0) break
    return instant
  }

  /** The hour that the zone's clocks show, 0..23. */
  hourOf(at: number): number {
    return Math.floor(modulo(this.#clockMs(at), dayMs) / hourMs)
  }

  /** 1 (Monday) to 7 (Sunday). */
  weekdayOf(at: number): number {
    // The epoch began on a Thursday.
    return modulo(Math.floor(this.#clockMs(at) / dayMs) + 3, 7) + 1
  }

  /** What the zone's clocks show, as ms since they showed the epoch: a calendar query would take much longer. */
  #clockMs(at: number): number {
    return at + this.offsetAt(at)
  }

  #findStart(quarter: number): number {
    const start = this.#zoned(quarter * quarterHourMs).startOfDay().epochMilliseconds
    if (this.#starts.size > 100_000) this.#starts.clear()
    this.#starts.set(quarter, start)
    return start
  }

  #fullHour(quarter: number): number {
    // A clock change by other than a full hour results in an hour that is longer or shorter than sixty minutes.
    for (let instant = quarter; instant > quarter - longestHourMs; instant -= quarterHourMs)
      if (this.#zoned(instant).minute === 0) return instant
    return quarter
  }

  #zoned(at: number): Temporal.ZonedDateTime {
    return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(this.#timeZone)
  }
}

function modulo(value: number, divisor: number): number {
  return ((value % divisor) + divisor) % divisor
}
