import { alwaysOpenBy } from './always-open.ts'
import type { CalendarDefinition, CalendarVersion } from './calendar-definition.ts'
import { dayMs, weekdays } from './local-date.ts'
import { weekdayMs, standardDayMs } from './shift-times.ts'
import { calendarRange, type WorkingCalendar } from './working-calendar.ts'
import { CompiledDays, type CalendarDays } from './calendar-days.ts'
import { compileCalendar, versionStart } from './compile-calendar.ts'
import type { WorkingTime } from './working-time.ts'

/** Working-time arithmetic of a calendar; for one that never closes it is plain subtraction. */
export function calendarOf(definition: CalendarDefinition): WorkingCalendar {
  return definition.versions.every(neverCloses) ? alwaysOpenBy(definition) : new CompiledCalendar(definition)
}

/** Shifts do not overlap, so only a week without a gap adds up to seven days. */
function neverCloses({ week, holidays }: CalendarVersion): boolean {
  return holidays.length === 0 && weekdays.every((weekday) => weekdayMs(week, weekday) === dayMs)
}

/** A leap year, so that current data seldom needs more than two windows. */
const windowMs = 366 * dayMs
const lastWindow = Math.floor((calendarRange.to - 1) / windowMs)

/** A calendar that is compiled lazily, one window of time at a time. */
class CompiledCalendar implements WorkingCalendar {
  readonly neverCloses = false
  readonly days: CalendarDays
  readonly #definition: CalendarDefinition
  readonly #windows: (WorkingTime | undefined)[] = []
  /** When each version begins, latest first. */
  readonly #versions: readonly { readonly from: number; readonly standardDayMs: number }[]

  constructor(definition: CalendarDefinition) {
    this.#definition = definition
    this.days = new CompiledDays(definition)
    this.#versions = definition.versions
      .map((version) => ({ from: versionStart(version), standardDayMs: standardDayMs(version) }))
      .toReversed()
  }

  workingMs(a: number, b: number): number {
    const from = Math.max(a, calendarRange.from)
    const to = Math.min(b, calendarRange.to)
    if (!(from < to)) return 0
    const first = windowOf(from)
    const last = windowOf(to)
    const passedMs = this.#window(last).workedMs(to) - this.#window(first).workedMs(from)
    let betweenMs = 0
    for (let n = first; n < last; n++) betweenMs += this.#window(n).totalMs
    return passedMs + betweenMs
  }

  instantAfter(a: number, workingMs: number): number | undefined {
    if (workingMs <= 0) return a
    if (a >= calendarRange.to) return undefined
    const from = Math.max(a, calendarRange.from)
    const first = windowOf(from)
    let leftMs = workingMs + this.#window(first).workedMs(from)
    for (let n = first; n <= lastWindow; n++) {
      const window = this.#window(n)
      if (leftMs <= window.totalMs) return window.instantOf(leftMs)
      leftMs -= window.totalMs
    }
    return undefined
  }

  isWorking(at: number): boolean {
    return at >= calendarRange.from && at < calendarRange.to && this.#window(windowOf(at)).isWorking(at)
  }

  nextStart(at: number): number | undefined {
    const freeFrom = this.isWorking(at) ? this.nextEnd(at) : at
    return freeFrom === undefined ? undefined : this.#workingFrom(freeFrom)
  }

  nextEnd(at: number): number | undefined {
    let end = this.#workingFrom(at)
    // An interval that reaches the end of its window may continue in the next one.
    while (end !== undefined && end < calendarRange.to && this.isWorking(end))
      end = this.#window(windowOf(end)).endOf(end)
    return end === calendarRange.to ? undefined : end
  }

  standardDayMs(at: number): number {
    return this.#versions.find(({ from }) => from <= at)?.standardDayMs ?? dayMs
  }

  #workingFrom(at: number): number | undefined {
    if (at >= calendarRange.to) return undefined
    const from = Math.max(at, calendarRange.from)
    for (let n = windowOf(from); n <= lastWindow; n++) {
      const window = this.#window(n)
      const start = window.workingFrom(Math.max(from, window.from))
      if (start !== undefined) return start
    }
    return undefined
  }

  #window(n: number): WorkingTime {
    const known = this.#windows[n]
    if (known !== undefined) return known
    const compiled = compileCalendar(this.#definition, n * windowMs, Math.min((n + 1) * windowMs, calendarRange.to))
    this.#windows[n] = compiled
    return compiled
  }
}

function windowOf(at: number): number {
  return Math.floor(at / windowMs)
}
