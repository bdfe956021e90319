import { offsetIn, partsIn } from './time-zone.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs

/** The calendar date of an instant in a time zone: `2026-11-26`. */
export function dateIn(at: number, timeZone: string): string {
  const { year, month, day } = partsIn(at, timeZone)
  return `${year}-${month}-${day}`
}

/** @param date a calendar date such as `2026-11-26`. */
export function addDays(date: string, days: number): string {
  return new Date(Date.parse(date) + days * dayMs).toISOString().slice(0, 10)
}

/** The instant at which a date starts in a time zone: midnight, or the end of the gap if the clocks skip midnight. */
export function startOfDate(date: string, timeZone: string): number {
  const asUtc = Date.parse(date)
  // The offset on either side of midnight, because the clocks may change within the day.
  const candidates = [asUtc - dayMs, asUtc + dayMs].map((at) => asUtc - offsetIn(at, timeZone))
  const starts = candidates.filter((at) => dateIn(at, timeZone) === date && dateIn(at - 1, timeZone) !== date)
  return Math.min(...(starts.length > 0 ? starts : candidates))
}
