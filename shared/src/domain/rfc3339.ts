import { fixedTimeMs } from './fixed-time.ts'

/** RFC 3339 `date-time`: seconds and an offset are required, a fraction of any length may follow. */
const rfc3339Pattern =
  /^(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])[Tt]([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(?:\.(\d+))?(?:[Zz]|([+-])([01]\d|2[0-3]):([0-5]\d))$/

/** The first instant after the year 9999, epoch ms. */
const year10000 = 253_402_300_800_000
const minuteMs = 60_000

/**
 * Epoch ms of an RFC 3339 date-time; undefined when it is none, when the calendar has no such day, and when it lies
 * outside the years 1970 to 9999. Leap seconds are no instants of this scale. What is finer than 1 ms is cut off.
 */
export function instantOf(text: string): number | undefined {
  const fixed = text.endsWith('Z') && text[10] === 'T' ? fixedTimeMs(text, text.length - 1) : Number.NaN
  if (!Number.isNaN(fixed)) return fixed >= 0 && fixed < year10000 ? fixed : undefined
  const match = rfc3339Pattern.exec(text)
  if (match === null) return undefined
  const [, year, month, day, hour, minute, second, fraction = '', sign, offsetHour = '0', offsetMinute = '0'] = match
  const date = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second))
  // Date.UTC rolls a 30 February over to March, and takes the years 0 to 99 for 1900 to 1999.
  if (new Date(date).getUTCDate() !== Number(day) || Number(year) < 1969) return undefined
  const offsetMs = (Number(offsetHour) * 60 + Number(offsetMinute)) * minuteMs
  const at = date + Number(fraction.slice(0, 3).padEnd(3, '0')) - (sign === '-' ? -offsetMs : offsetMs)
  return at >= 0 && at < year10000 ? at : undefined
}
