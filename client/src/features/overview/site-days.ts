const hourMs = 3_600_000
const dayMs = 24 * hourMs

const formatters = new Map<string, Intl.DateTimeFormat>()

/** The calendar date of an instant in a time zone: `2026-11-26`. */
export function dateIn(at: number, timeZone: string): string {
  const { year, month, day } = partsOf(at, timeZone)
  return `${year}-${month}-${day}`
}

/** @param date `2026-11-26`. */
export function addDays(date: string, days: number): string {
  return new Date(Date.parse(date) + days * dayMs).toISOString().slice(0, 10)
}

/** The instant at which a date begins in a time zone: at midnight, or when the clocks are set forward over it. */
export function startOfDate(date: string, timeZone: string): number {
  const asUtc = Date.parse(date)
  // The offset at either side of midnight: the clocks may be set within the day.
  const candidates = [asUtc - dayMs, asUtc + dayMs].map((at) => asUtc - offsetAt(at, timeZone))
  const starts = candidates.filter((at) => dateIn(at, timeZone) === date && dateIn(at - 1, timeZone) !== date)
  return Math.min(...(starts.length > 0 ? starts : candidates))
}

function offsetAt(at: number, timeZone: string): number {
  const { year, month, day, hour, minute, second } = partsOf(at, timeZone)
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`) - Math.floor(at / 1000) * 1000
}

function partsOf(at: number, timeZone: string): Readonly<Record<string, string>> {
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
