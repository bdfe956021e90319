const hourMs = 3_600_000
const dayMs = 24 * hourMs
/** A century of hours; files beyond that are unusual, so bounding memory matters more than speed. */
const maxCachedHours = 900_000
const minuteMs = 60_000
/** Minutes around clock changes; a zone has about 120 of them per year. */
const maxCachedMinutes = 100_000

/** A local time in a DST gap or fold of the zone. */
export interface DoubtfulInstant {
  readonly doubt: 'gap' | 'fold'
  /**
   * Default interpretation: the first instant of a fold; for a gap, the instant as if the clocks had not been changed.
   */
  readonly at: number
  /** The second instant of a fold; the same as `at` for a gap. */
  readonly laterAt: number
}

/** Local ms minus epoch ms of one local minute, before and after the clock change. */
interface MinuteOffsets {
  readonly doubt: 'gap' | 'fold' | undefined
  readonly before: number
  readonly after: number
}

/**
 * Converts local times of one zone to instants. A time in a DST gap is resolved with the offset before the change, as
 * specified by iCalendar (RFC 5545).
 */
export class ZonedClock {
  readonly zone: string
  /** Local ms minus epoch ms by local hour; null if it changes within the hour or the hour occurs twice. */
  readonly #offsetMs = new Map<number, number | null>()
  #lastDay = Number.NaN
  #lastDayOffset: number | null = null
  /** Offsets of the minutes within the hours that are null above. */
  readonly #minutes = new Map<number, MinuteOffsets>()

  /** @throws RangeError unless `zone` is an IANA name. */
  constructor(zone: string) {
    this.zone = Temporal.Now.zonedDateTimeISO(zone).timeZoneId
  }

  /** Epoch ms of a local time that is passed as if it were UTC. */
  resolve(localMs: number): number | DoubtfulInstant {
    const hour = Math.floor(localMs / hourMs)
    let offset = this.#offsetMs.get(hour)
    if (offset === undefined) {
      offset = this.#offsetOfHour(hour)
      if (this.#offsetMs.size >= maxCachedHours) this.#offsetMs.clear()
      this.#offsetMs.set(hour, offset)
    }
    return offset === null ? this.#resolveDoubtful(localMs) : localMs - offset
  }

  #offsetOfHour(hour: number): number | null {
    const first = hour * hourMs
    const calm = this.#offsetAround(Math.floor(first / dayMs))
    if (calm !== null) return calm
    const last = first + hourMs - 1
    const offsets = [first, last].flatMap((localMs) => [
      localMs - this.#exactInstantMs(localMs, 'earlier'),
      localMs - this.#exactInstantMs(localMs, 'later'),
    ])
    return new Set(offsets).size === 1 ? (offsets[0] ?? null) : null
  }

  /** The offset of a whole day and its adjacent days; null if clocks change within them. */
  #offsetAround(day: number): number | null {
    if (this.#lastDay !== day) {
      this.#lastDay = day
      const before = this.#offsetAt((day - 1) * dayMs)
      this.#lastDayOffset = before === this.#offsetAt((day + 2) * dayMs) ? before : null
    }
    return this.#lastDayOffset
  }

  #offsetAt(epochMs: number): number {
    return Temporal.Instant.fromEpochMilliseconds(epochMs).toZonedDateTimeISO(this.zone).offsetNanoseconds / 1_000_000
  }

  #resolveDoubtful(localMs: number): number | DoubtfulInstant {
    const { doubt, before, after } = this.#offsetsOfMinute(Math.floor(localMs / minuteMs))
    const at = localMs - before
    if (doubt === undefined) return at
    return { doubt, at, laterAt: doubt === 'fold' ? localMs - after : at }
  }

  #offsetsOfMinute(minute: number): MinuteOffsets {
    const known = this.#minutes.get(minute)
    if (known !== undefined) return known
    const localMs = minute * minuteMs
    const earlier = this.#exactInstantMs(localMs, 'earlier')
    const later = this.#exactInstantMs(localMs, 'later')
    const offsets = this.#minuteOffsets(localMs, earlier, later)
    if (this.#minutes.size >= maxCachedMinutes) this.#minutes.clear()
    this.#minutes.set(minute, offsets)
    return offsets
  }

  #minuteOffsets(localMs: number, earlier: number, later: number): MinuteOffsets {
    if (earlier === later) return { doubt: undefined, before: localMs - earlier, after: localMs - earlier }
    const shown = Temporal.Instant.fromEpochMilliseconds(earlier).toZonedDateTimeISO(this.zone).toPlainDateTime()
    if (shown.equals(plainDateTime(localMs)))
      return { doubt: 'fold', before: localMs - earlier, after: localMs - later }
    // A skipped time resolves to a later instant with the offset before the change.
    return { doubt: 'gap', before: localMs - later, after: localMs - earlier }
  }

  /** Takes about 50 µs, which is why whole hours are cached. */
  #exactInstantMs(localMs: number, disambiguation: 'earlier' | 'later'): number {
    return plainDateTime(localMs).toZonedDateTime(this.zone, { disambiguation }).epochMilliseconds
  }
}

function plainDateTime(localMs: number): Temporal.PlainDateTime {
  return Temporal.Instant.fromEpochMilliseconds(localMs).toZonedDateTimeISO('UTC').toPlainDateTime()
}
