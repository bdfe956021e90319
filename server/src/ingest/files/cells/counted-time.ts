import { clockMs, dayMs, dayStartMs } from './civil-time.ts'
import type { WrittenTime } from './plain-time.ts'

/** Times written as a single number: an epoch value, an Excel day number, or a date of digits without separators. */
export type CountedShape = 'epoch s' | 'epoch ms' | 'epoch µs' | 'epoch ns' | typeof excelShape | 'digits only'

export type CountedTime =
  | { readonly shape: CountedShape; readonly at: number; readonly written: undefined }
  | { readonly shape: CountedShape; readonly at: undefined; readonly written: WrittenTime }

/** The day count of Excel for Windows; the 1904 system of old Macs differs by four years and one day. */
export const excelShape = 'Excel day number (1900 system)'

/** No group separators are allowed; the fraction follows a point, or a comma as in German files. */
const counted = /^(\d{5}|\d{8}|\d{10}|\d{12,14}|\d{16,17}|\d{19})(?:[.,](\d{1,15}))?$/

/** Excel's 1900 system from 1927 to 2173; earlier and later numbers are probably something else. */
const firstDayNumber = 10_000
const dayNumberOf1970 = 25_569

/** Returns undefined if it is not a time of this kind. The number of digits determines the shape. */
export function readCountedTime(text: string): CountedTime | undefined {
  const match = counted.exec(text)
  if (match === null) return undefined
  const [, digits = '', fraction = ''] = match
  if (digits.length === 5) return dayNumber(digits, fraction)
  if (digits.length === 10) return epoch('epoch s', Number(`${digits}.${fraction}`) * 1000)
  if (digits.length === 13) return epoch('epoch ms', Number(digits))
  if (digits.length === 16) return epoch('epoch µs', Number(digits) / 1000)
  if (digits.length === 19) return epoch('epoch ns', Number(digits) / 1_000_000)
  return digitsOnly(digits, fraction)
}

function epoch(shape: CountedShape, ms: number): CountedTime {
  // Fractions of a millisecond are truncated, as for written times.
  return { shape, at: shape === 'epoch s' ? Math.round(ms) : Math.floor(ms), written: undefined }
}

/** `20261103`, `202611031405`, `20261103140500`, and the same with milliseconds. */
function digitsOnly(digits: string, fraction: string): CountedTime | undefined {
  const day = dayStartMs(Number(digits.slice(0, 4)), Number(digits.slice(4, 6)), Number(digits.slice(6, 8)))
  if (day === undefined || digits.length === 13 || digits.length === 16) return undefined
  const hasClock = digits.length > 8
  const ms = hasClock ? clockOfDigits(digits.slice(8), fraction) : undefined
  if (hasClock ? ms === undefined : fraction !== '') return undefined
  return { shape: 'digits only', at: undefined, written: { day, clockMs: ms, offsetMs: undefined } }
}

function clockOfDigits(digits: string, fraction: string): number | undefined {
  const [hour, minute, second] = [digits.slice(0, 2), digits.slice(2, 4), digits.slice(4, 6)].map(Number)
  return clockMs(hour ?? 0, minute ?? 0, second ?? 0, digits.slice(6) || fraction)
}

/** An Excel day number; its fraction is the time of day. */
function dayNumber(digits: string, fraction: string): CountedTime | undefined {
  const days = Number(digits)
  if (days < firstDayNumber) return undefined
  const day = (days - dayNumberOf1970) * dayMs
  const clock = fraction === '' ? undefined : roundestClock(fraction, fraction.length)
  return { shape: excelShape, at: undefined, written: { day, clockMs: clock, offsetMs: undefined } }
}

/** Number of decimals from which day numbers are exact to the second. */
export const exactDayDecimals = 5

/** Number of decimals of an Excel day number. */
export function dayDecimals(text: string): number {
  return text.length - text.search(/[.,]\d+$|$/) - 1
}

/**
 * The time of day of a day number; undefined if the number is whole.
 * @param decimals largest number of decimals in the column: trailing zeros are not written, so 0.665 beside 0.33333333
 * is 15:57:36 to the second.
 */
export function clockOfDayNumber(text: string, decimals: number): number | undefined {
  const fraction = /[.,](\d+)$/.exec(text)?.[1]
  return fraction === undefined ? undefined : roundestClock(fraction, Math.max(decimals, fraction.length))
}

/** A fraction with few digits stands for the roundest possible time: 46329.3333 is 8:00, not 07:59:57. */
function roundestClock(fraction: string, decimals: number): number {
  const ms = Number(`0.${fraction}`) * dayMs
  return roundedClock(ms, decimals) ?? roundedClock(ms, fraction.length) ?? Math.round(ms)
}

function roundedClock(ms: number, decimals: number): number | undefined {
  const uncertainMs = Math.max(dayMs / 10 ** decimals / 2, 0.01)
  return [60_000, 1000]
    .map((unit) => Math.round(ms / unit) * unit)
    .find((rounded) => Math.abs(rounded - ms) <= uncertainMs)
}
