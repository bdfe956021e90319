import { timesOfDays } from './compile-calendar.ts'
import type { CalendarDefinition } from './calendar-definition.ts'
import { dayMs, epochDayOf } from './local-date.ts'
import { firstInstantOf, zoneOffsets } from './zone-offsets.ts'
import type { OffsetSpan } from './zone-offsets.ts'

/** The days of a calendar by its own clock, each as the number of days from 1970-01-01. */
export interface CalendarDays {
  /** The day that goes on at an instant, epoch ms: the latest one that has begun. */
  dayAt(at: number): number
  /** The first day from this one on, itself included, on which work begins. Undefined: none within a year. */
  workingDayFrom(day: number): number | undefined
  /**
   * The instant, epoch ms, at which the clocks of a day first show a time, or a later one where they skip it.
   * @param timeMs since midnight by the wall clock.
   */
  instantOn(day: number, timeMs: number): number
}

/** For zones the windows of a calendar are as good as any; a margin, because local days begin at other instants. */
const windowDays = 366
const marginMs = 3 * dayMs
/** Zones of years that nobody plans for are not kept. */
const maxWindows = 200

/** Looked up for each visit of a stage with a cut-off, so that offsets of zones are kept. */
export class CompiledDays implements CalendarDays {
  /** The latest first. */
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
    const found = this.#versions.find(({ fromDay }) => fromDay <= day) ?? this.#versions.at(-1)
    if (found === undefined) throw new Error('a calendar has at least one version')
    return found
  }
}
