import { fixedTimeMs } from './fixed-time.ts'

/** RFC 3339 `date-time`: seconds and an offset are required, and a fraction of any length is allowed. */
const rfc3339Pattern =
  /^(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])[Tt]([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(?:\.(\d+))?(?:[Zz]|([+-])([01]\d|2[0-3]):([0-5]\d))$/

/** The first instant after the year 9999, epoch ms. */
const year10000 = 253_402_300_800_000
const minuteMs = 60_000

/**
 * Epoch ms of an RFC 3339 date-time. Undefined if it is not one, if there is no such day, and if it is outside of the
 * years 1970 to 9999. Leap seconds have no epoch ms. Digits beyond ms are truncated.
 */
export function instantOf(text: string): number | undefined {
  const fixed = text.endsWith('Z') && text[10] === 'T' ? fixedTimeMs(text, text.length - 1) : Number.NaN
  if (!Number.isNaN(fixed)) return fixed >= 0 && fixed < year10000 ? fixed : undefined
  const match = rfc3339Pattern.exec(text)
  if (match === null) return undefined
  const [, year, month, day, hour, minute, second, fraction = '', sign, offsetHour = '0', offsetMinute = '0'] = match
  const date = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second))
  // `Date.UTC` converts 30 February to March, and the years 0 to 99 to 1900 to 1999.
  if (new Date(date).getUTCDate() !== Number(day) || Number(year) < 1969) return undefined
  const offsetMs = (Number(offsetHour) * 60 + Number(offsetMinute)) * minuteMs
  const at = date + Number(fraction.slice(0, 3).padEnd(3, '0')) - (sign === '-' ? -offsetMs : offsetMs)
  return at >= 0 && at < year10000 ? at : undefined
}
