/** Day and time of day as written in a cell, parsed without knowing the time zone. */

export const dayMs = 86_400_000

const daysInMonth = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/** Epoch ms of the start of the day in UTC, in the proleptic Gregorian calendar; undefined if there is no such day. */
export function dayStartMs(year: number, month: number, day: number): number | undefined {
  if (day < 1 || day > (daysInMonth[month - 1] ?? 0)) return undefined
  if (month === 2 && day === 29 && !isLeapYear(year)) return undefined
  // The year starts in March here, so that the leap day is its last day.
  const marchYear = month <= 2 ? year - 1 : year
  const century = Math.floor(marchYear / 100)
  const leapDays = Math.floor(marchYear / 4) - century + Math.floor(century / 4)
  const dayOfYear = Math.floor((153 * (month <= 2 ? month + 9 : month - 3) + 2) / 5) + day - 1
  return (marchYear * 365 + leapDays + dayOfYear - daysUntil1970) * dayMs
}

/** Days since 1 March of year 0. */
const daysUntil1970 = 719_468

function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
}

/**
 * Ms since midnight. 24:00 is the midnight at the end of the day, and a leap second counts as the following second, as
 * on every computer. Undefined if it is not a valid time of day.
 */
export function clockMs(hour: number, minute: number, second = 0, fraction = ''): number | undefined {
  if (minute > 59 || second > 60) return undefined
  const ms = fraction === '' ? 0 : Number(fraction.padEnd(3, '0').slice(0, 3))
  const isEndOfDay = hour === 24 && minute === 0 && second === 0 && ms === 0
  if (hour > 23 && !isEndOfDay) return undefined
  return ((hour * 60 + minute) * 60 + second) * 1000 + ms
}

/** Full year of a two-digit year: 1970 to 2069, which matches POSIX and Excel to within a year or two. */
export function fullYear(text: string): number {
  const year = Number(text)
  if (text.length > 2) return year
  return year < 70 ? 2000 + year : 1900 + year
}
