export const dayMs = 86_400_000

/** ISO 8601: 1 is Monday, 7 is Sunday. */
export const weekdays = [1, 2, 3, 4, 5, 6, 7] as const
export type Weekday = (typeof weekdays)[number]

/** Days from 1970-01-01 to a date `YYYY-MM-DD`; the wall clock's midnight is `epochDay * dayMs` in local ms. */
export function epochDayOf(date: string): number {
  return Date.parse(date) / dayMs
}

/** The date `YYYY-MM-DD` of an epoch day. */
export function dateOf(epochDay: number): string {
  return new Date(epochDay * dayMs).toISOString().slice(0, 10)
}

/** The day of the week of an epoch day. */
export function weekdayOf(epochDay: number): Weekday {
  // 1970-01-01 was a Thursday; the remainder of a negative day is negative.
  return (((((epochDay + 3) % 7) + 7) % 7) + 1) as Weekday
}
