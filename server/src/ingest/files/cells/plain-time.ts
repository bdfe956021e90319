import { fixedTimeMs } from '@stagewatch/shared/domain/fixed-time.ts'
import { clockMs, dayMs, dayStartMs } from './civil-time.ts'
import { isZeroDate, standsForNoDate } from './placeholder-dates.ts'
import type { ZonedClock } from './zoned-clock.ts'

/** An instant read from a cell. */
export interface ReadTime {
  readonly ok: true
  /** Epoch ms. */
  readonly at: number
  /** Whether it is a day without a time of day. */
  readonly isDate: boolean
  /** Whether it has no offset, so that it was read in the zone of the rules. */
  readonly isLocal: boolean
  /** Whether the local time falls into a DST gap or fold of the zone. */
  readonly doubt: 'gap' | 'fold' | undefined
  /** The second instant of a fold, otherwise the same as `at`. */
  readonly laterAt: number
}

export interface NoTime {
  readonly ok: false
  /** `placeholder`: the cell means that there is no date. `ambiguous`: only a format can tell day and month apart. */
  readonly cause: 'placeholder' | 'ambiguous' | 'unreadable'
  readonly message: string
}

export type TimeOutcome = ReadTime | NoTime

/** A day and a time as written, with the offset if the text has one. */
export interface WrittenTime {
  /** Epoch ms of the start of the day, as if it were in UTC. */
  readonly day: number
  /** Ms since midnight; undefined for a day without a time. */
  readonly clockMs: number | undefined
  /** Local time minus UTC; undefined for a time in a zone. */
  readonly offsetMs: number | undefined
}

const plainPattern =
  /^(\d{4})([-/])(\d{1,2})\2(\d{1,2})(?:(?:T| +)(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?(?: *(?:(Z|UTC)|([+-])(\d{2}):?(\d{2})?))?$/i

/**
 * Reads RFC 3339 and the variants that databases write: a space for the T, slashes, no leading zeros, no seconds.
 * Nearly every time of nearly every file has one of these forms, so they are tried first. Returns undefined for other
 * forms.
 *
 * A time without offset needs a zone. A date alone is its first instant, or with `endOfDay` its last, which is the
 * meaning of a day as a promise.
 */
export function readPlainTime(text: string, clock: ZonedClock | undefined, endOfDay: boolean): TimeOutcome | undefined {
  const fixed = readFixedTime(text)
  if (fixed !== undefined) return settleTime(text, fixed, clock, endOfDay)
  const match = plainPattern.exec(text)
  if (match === null) return undefined
  const [, year, , month, day, hour, minute, second, fraction, utc, sign, offsetHour, offsetMinute] = match
  // A number after the day may be an hour, unless the minutes of an offset follow.
  if (hour === undefined && sign !== undefined && offsetMinute === undefined) return undefined
  const dayStart = dayStartMs(Number(year), Number(month), Number(day))
  const time = hour === undefined ? undefined : clockMs(Number(hour), Number(minute), Number(second ?? 0), fraction)
  if (dayStart === undefined || (time === undefined && hour !== undefined)) return missingTime(text)
  let offsetMs = utc === undefined ? undefined : 0
  if (sign !== undefined) {
    const offset = clockMs(Number(offsetHour), Number(offsetMinute ?? 0))
    if (offset === undefined) return noTime('unreadable', `${text} has an offset that does not exist`)
    offsetMs = sign === '+' ? offset : -offset
  }
  return settleTime(text, { day: dayStart, clockMs: time, offsetMs }, clock, endOfDay)
}

/** Most times have the form of `fixedTimeMs`, with or without `Z`. Returns undefined for other forms. */
function readFixedTime(text: string): WrittenTime | undefined {
  const isUtc = text.endsWith('Z')
  const localMs = fixedTimeMs(text, isUtc ? text.length - 1 : text.length)
  if (Number.isNaN(localMs)) return undefined
  const day = Math.floor(localMs / dayMs) * dayMs
  return { day, clockMs: localMs - day, offsetMs: isUtc ? 0 : undefined }
}

/** The instant of a written time: by its offset, or else by the zone. */
export function settleTime(
  text: string,
  written: WrittenTime,
  clock: ZonedClock | undefined,
  endOfDay: boolean,
): TimeOutcome {
  const isDate = written.clockMs === undefined
  const localMs = written.day + (written.clockMs ?? (endOfDay ? dayMs - 1 : 0))
  if (standsForNoDate(written.day, written.clockMs ?? 0)) return noDate(text)
  if (written.offsetMs !== undefined) return readTime(localMs - written.offsetMs, isDate, text)
  if (clock === undefined)
    return noTime('unreadable', `${text} has no offset from UTC; say with --timezone which zone is meant`)
  const instant = clock.resolve(localMs)
  if (typeof instant === 'number') return readTime(instant, isDate, text, true)
  // A clock change at midnight does not make a day ambiguous.
  return isDate ? readTime(instant.at, isDate, text, true) : { ok: true, isDate, isLocal: true, ...instant }
}

/** Databases write the Unix epoch for a missing time, so it is rejected as a placeholder. */
export function readTime(at: number, isDate: boolean, text: string, isLocal = false): TimeOutcome {
  if (at < 0) return noTime('unreadable', `${text} is before 1970`)
  return at === 0 ? noDate(text) : { ok: true, at, isDate, isLocal, doubt: undefined, laterAt: at }
}

export function noTime(cause: NoTime['cause'], message: string): NoTime {
  return { ok: false, cause, message }
}

/** Outcome for a day or time that does not exist in the calendar or on the clock. */
export function missingTime(text: string): NoTime {
  return isZeroDate(text) ? noDate(text) : noTime('unreadable', `${text} does not exist`)
}

export function noDate(text: string): NoTime {
  return noTime('placeholder', `${text} stands for no date`)
}
