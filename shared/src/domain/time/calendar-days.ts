import { timesOfDays } from './compile-calendar.ts'
import type { CalendarDefinition } from './calendar-definition.ts'
import { dayMs, epochDayOf } from './local-date.ts'
import { firstInstantOf, zoneOffsets } from './zone-offsets.ts'
import type { OffsetSpan } from './zone-offsets.ts'

/** The days of a calendar by its own clock, each as the number of days since 1970-01-01. */
export interface CalendarDays {
  /** The current day at an instant, epoch ms: the latest one that has begun. */
  dayAt(at: number): number
  /** The first day, not before this one, on which work begins. Undefined: none within a year. */
  workingDayFrom(day: number): number | undefined
  /**
   * The first instant, epoch ms, at which the clocks of a day show a time, or a later one if they skip it.
   * @param timeMs Since midnight by the wall clock.
   */
  instantOn(day: number, timeMs: number): number
}

/**
 * Any size of window works for zones, so it is that of calendars; the margin covers the different starts of local days.
 */
const windowDays = 366
const marginMs = 3 * dayMs
/** Windows of distant years are not cached beyond this number. */
const maxWindows = 200

/** Used for each visit of a stage with a cut-off, so zone offsets are cached. */
export class CompiledDays implements CalendarDays {
  /** Latest first. */
  readonly #versions

  constructor({ versions }: Pick<CalendarDefinition, 'versions'>) {
    this.#versions = versions
      .map((version) => ({
        fromDay: version.validFrom === undefined ? -Infinity : epochDayOf(version.validFrom),
        timeZone: version.timeZone,
        shiftsOf: timesOfDays(version),
        offsets: new Map<number, readonly OffsetSpan[]>(),
      }))
      .toReversed()
  }

  dayAt(at: number): number {
    let day = Math.floor(at / dayMs)
    while (this.instantOn(day + 1, 0) <= at) day++
    while (this.instantOn(day, 0) > at) day--
    return day
  }

  workingDayFrom(day: number): number | undefined {
    for (let candidate = day; candidate < day + windowDays; candidate++)
      if (this.#versionOf(candidate).shiftsOf(candidate).length > 0) return candidate
    return undefined
  }

  instantOn(day: number, timeMs: number): number {
    const { offsets, timeZone } = this.#versionOf(day)
    const window = Math.floor(day / windowDays)
    let spans = offsets.get(window)
    if (spans === undefined) {
      const from = window * windowDays * dayMs
      spans = zoneOffsets(timeZone, from - marginMs, from + windowDays * dayMs + marginMs)
      if (offsets.size >= maxWindows) offsets.clear()
      offsets.set(window, spans)
    }
    return firstInstantOf(spans, day * dayMs + timeMs)
  }

  #versionOf(day: number) {
    const found = this.#versions.find(({ fromDay }) => fromDay <= day)
    if (found === undefined) throw new Error('a calendar has at least one version')
    return found
  }
}
