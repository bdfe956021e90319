import type { CalendarDefinition, CalendarVersion, Holiday } from './calendar-definition.ts'
import { dayMs } from './local-date.ts'
import { versionStart } from './compile-calendar.ts'

/** Public holidays and make-up working days, with the years that the list covers completely. */
export interface HolidayList {
  /** Ascending by date, each date once. */
  readonly days: readonly Holiday[]
  /** A list may contain days of a neighbouring year without covering it: 31 December often belongs to the next one. */
  readonly years: readonly number[]
}

/** A calendar with a list merged into it, and the resulting changes. */
export interface HolidayMerge {
  readonly definition: CalendarDefinition
  readonly added: readonly Holiday[]
  /** Days that the calendar had defined differently; the new list takes precedence. */
  readonly replaced: readonly { readonly before: Holiday; readonly after: Holiday }[]
}

/** Merges a list into a calendar: each day is added to the version in force on its date; the list takes precedence. */
export function mergeHolidays(definition: CalendarDefinition, list: HolidayList): HolidayMerge {
  const added: Holiday[] = []
  const replaced: { before: Holiday; after: Holiday }[] = []
  const versions = definition.versions.map((version, i): CalendarVersion => {
    const until = definition.versions[i + 1]?.validFrom
    const holidays = new Map(version.holidays.map((holiday) => [holiday.date, holiday]))
    for (const after of list.days) {
      if (after.date < (version.validFrom ?? '') || (until !== undefined && after.date >= until)) continue
      const before = holidays.get(after.date)
      if (before === undefined) added.push(after)
      else if (!sameDay(before, after)) replaced.push({ before, after })
      holidays.set(after.date, after)
    }
    return {
      ...version,
      holidays: [...holidays.values()].toSorted((a, b) => (a.date < b.date ? -1 : 1)),
      holidayYears: [...new Set([...(version.holidayYears ?? []), ...list.years])].toSorted((a, b) => a - b),
    }
  })
  return { definition: { ...definition, versions }, added, replaced }
}

function sameDay(a: Holiday, b: Holiday): boolean {
  return a.working === b.working && a.as === b.as && comparable(a.name) === comparable(b.name)
}

/** The database stores the languages of a name in its own order. */
function comparable(name: Holiday['name']): string | undefined {
  return typeof name === 'object' ? JSON.stringify(Object.entries(name).toSorted(([a], [b]) => (a < b ? -1 : 1))) : name
}

/** The New Year's holiday may begin on 29 December, and is then part of the next year's list. */
const newYearMs = 3 * dayMs

/**
 * Years between two instants, `to` exclusive, for which the calendar has no public holidays. There it only uses
 * weekdays, which must be shown along with the results: holidays are never guessed.
 */
export function missingHolidayYears({ versions }: CalendarDefinition, from: number, to: number): number[] {
  const missing = new Set<number>()
  for (const [i, version] of versions.entries()) {
    const { timeZone, holidayYears } = version
    const next = versions[i + 1]
    const start = Math.max(from, versionStart(version))
    const end = Math.min(to, next === undefined ? Infinity : versionStart(next))
    if (holidayYears === undefined || start >= end) continue
    const last = yearOf(end - 1 + newYearMs, timeZone)
    for (let year = yearOf(start, timeZone); year <= last; year++) if (!holidayYears.includes(year)) missing.add(year)
  }
  return [...missing].toSorted((a, b) => a - b)
}

function yearOf(at: number, timeZone: string): number {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone).year
}
