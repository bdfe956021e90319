import type { CalendarDefinition } from './calendar-definition.ts'
import { dayMs } from './local-date.ts'
import { versionStart } from './version-start.ts'

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
