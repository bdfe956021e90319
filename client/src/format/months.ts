/** The days of a month, `YYYY-MM-DD`. @param month `YYYY-MM`. */
export function daysOfMonth(month: string): string[] {
  const [year = 0, ordinal = 0] = month.split('-').map(Number)
  const count = new Date(Date.UTC(year, ordinal, 0)).getUTCDate()
  return Array.from({ length: count }, (_, i) => `${month}-${String(i + 1).padStart(2, '0')}`)
}

/** The month `count` months later. @param month `YYYY-MM`. */
export function addMonths(month: string, count: number): string {
  const [year = 0, ordinal = 0] = month.split('-').map(Number)
  return new Date(Date.UTC(year, ordinal - 1 + count, 1)).toISOString().slice(0, 7)
}

/** A date in a language, for example its weekday or its month. @param date `YYYY-MM-DD`. */
export function dateText(date: string, formatTag: string, options: Intl.DateTimeFormatOptions): string {
  return new Date(`${date}T00:00:00Z`).toLocaleDateString(formatTag, { ...options, timeZone: 'UTC' })
}
