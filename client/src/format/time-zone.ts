const secondMs = 1_000
const minuteMs = 60 * secondMs

const formatters = new Map<string, Intl.DateTimeFormat>()

/**
 * Calendar date and time of day in a time zone, in digits, by the part names of `formatToParts`: `year`, `month`, …
 * `second`.
 */
export function partsIn(at: number, timeZone: string): Readonly<Record<string, string>> {
  const known = formatters.get(timeZone)
  const formatter =
    known ??
    new Intl.DateTimeFormat('en-US', {
      timeZone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      hourCycle: 'h23',
    })
  if (known === undefined) formatters.set(timeZone, formatter)
  return Object.fromEntries(formatter.formatToParts(at).map(({ type, value }) => [type, value]))
}

/** How far a time zone is ahead of UTC, ms. */
export function offsetIn(at: number, timeZone: string): number {
  const { year, month, day, hour, minute, second } = partsIn(at, timeZone)
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`) - Math.floor(at / secondMs) * secondMs
}

/** Name of a UTC offset: `UTC+8`, `UTC−3:30`, `UTC`. */
export function offsetName(offsetMs: number): string {
  const minutes = Math.abs(Math.round(offsetMs / minuteMs))
  if (minutes === 0) return 'UTC'
  const rest = minutes % 60
  return `UTC${offsetMs < 0 ? '−' : '+'}${Math.floor(minutes / 60)}${rest === 0 ? '' : `:${String(rest).padStart(2, '0')}`}`
}

/** The time zone in which this page shows instants. */
export function ownTimeZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone
}

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
