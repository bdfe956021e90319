const hourMs = 3_600_000
/** A century of hours; beyond that the file is odd, and memory matters more than speed. */
const maxCachedHours = 900_000

/**
 * Turns local times of one zone into instants. A time that the clocks skipped counts as if they had not been put
 * forward yet, and of a time that came twice the first is meant, as iCalendar (RFC 5545) has it.
 */
export class ZonedClock {
  readonly zone: string
  /** Local ms minus epoch ms, by the local hour; null where it changes within the hour. */
  readonly #offsetMs = new Map<number, number | null>()

  /** @throws RangeError unless `zone` is an IANA name. */
  constructor(zone: string) {
    this.zone = Temporal.Now.zonedDateTimeISO(zone).timeZoneId
  }

  /** Epoch ms of a local time that is given as if it were UTC. */
  instantMs(localMs: number): number {
    const hour = Math.floor(localMs / hourMs)
    let offset = this.#offsetMs.get(hour)
    if (offset === undefined) {
      offset = this.#offsetOfHour(hour)
      if (this.#offsetMs.size >= maxCachedHours) this.#offsetMs.clear()
      this.#offsetMs.set(hour, offset)
    }
    return offset === null ? this.#exactInstantMs(localMs) : localMs - offset
  }

  #offsetOfHour(hour: number): number | null {
    const first = hour * hourMs
    const last = first + hourMs - 1
    const offset = first - this.#exactInstantMs(first)
    return last - this.#exactInstantMs(last) === offset ? offset : null
  }

  /** Some 50 µs, which is why whole hours are remembered. */
  #exactInstantMs(localMs: number): number {
    const local = Temporal.Instant.fromEpochMilliseconds(localMs).toZonedDateTimeISO('UTC').toPlainDateTime()
    return local.toZonedDateTime(this.zone).epochMilliseconds
  }
}
