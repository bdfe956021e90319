import type { ZonedClock } from './zoned-clock.ts'

export type ParsedTime = { readonly ok: true; readonly at: number } | { readonly ok: false; readonly message: string }

const timePattern =
  /^(\d{4})([-/])(\d{1,2})\2(\d{1,2})(?:(?:T| +)(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?(?: *(?:(Z|UTC)|([+-])(\d{2}):?(\d{2})?))?$/i
const dayFirstPattern = /^\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}/

/**
 * Reads RFC 3339 and what databases and spreadsheets make of it: a blank for the T, slashes, no leading zeros, no
 * seconds. A time without offset needs the zone that it is meant in. A date alone is its first instant, or with
 * `endOfDay` its last, which is what a promise of a day means.
 */
export function parseTime(text: string, clock: ZonedClock | undefined, endOfDay = false): ParsedTime {
  const match = timePattern.exec(text)
  if (match === null) return unreadable(text)
  const [, year, , month, day, hour, minute, second, fraction, utc, sign, offsetHour, offsetMinute] = match
  const isDate = hour === undefined
  const date = dateMs(Number(year), Number(month), Number(day))
  const time = isDate ? (endOfDay ? dayMs - 1 : 0) : clockTimeMs(Number(hour), Number(minute), second, fraction)
  if (date === undefined || time === undefined) return { ok: false, message: `${text} does not exist` }
  if (utc !== undefined) return { ok: true, at: date + time }
  if (sign === undefined) {
    if (clock === undefined)
      return { ok: false, message: `${text} has no offset from UTC; say with --timezone which zone is meant` }
    return { ok: true, at: clock.instantMs(date + time) }
  }
  const offset = clockTimeMs(Number(offsetHour), Number(offsetMinute ?? 0), undefined, undefined)
  if (offset === undefined) return { ok: false, message: `${text} has an offset that does not exist` }
  return { ok: true, at: date + time - (sign === '+' ? offset : -offset) }
}

const dayMs = 86_400_000

/** Epoch ms of the day in UTC; undefined when the calendar does not have it. */
function dateMs(year: number, month: number, day: number): number | undefined {
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? date.getTime() : undefined
}

/** Ms since midnight; a leap second is the next one, as on every computer. Undefined when no clock shows it. */
function clockTimeMs(
  hour: number,
  minute: number,
  second: string | undefined,
  fraction: string | undefined,
): number | undefined {
  const seconds = Number(second ?? 0)
  if (hour > 23 || minute > 59 || seconds > 60) return undefined
  const ms = Number((fraction ?? '').padEnd(3, '0').slice(0, 3))
  return ((hour * 60 + minute) * 60 + seconds) * 1000 + ms
}

function unreadable(text: string): ParsedTime {
  const reason = dayFirstPattern.test(text) ? 'leaves open which is the day and which the month' : 'is no time'
  return { ok: false, message: `${text.slice(0, 60)} ${reason}; write it like 2026-01-02T08:05:00+08:00` }
}
