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
