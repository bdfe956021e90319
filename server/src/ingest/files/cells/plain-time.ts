import { fixedTimeMs } from '@stagewatch/shared/domain/fixed-time.ts'
import { clockMs, dayMs, dayStartMs } from './civil-time.ts'
import { isZeroDate, standsForNoDate } from './placeholder-dates.ts'
import type { ZonedClock } from './zoned-clock.ts'

/** An instant that a cell tells. */
export interface ReadTime {
  readonly ok: true
  /** Epoch ms. */
  readonly at: number
  /** A day without a time of day. */
  readonly isDate: boolean
  /** It is a local time that the clocks of the zone skipped, or showed twice. */
  readonly doubt: 'gap' | 'fold' | undefined
  /** Of a fold the second time, otherwise the same as `at`. */
  readonly laterAt: number
}

export interface NoTime {
  readonly ok: false
  /** `placeholder`: the cell says that there is no date. `ambiguous`: day and month could be told apart by a format. */
  readonly cause: 'placeholder' | 'ambiguous' | 'unreadable'
  readonly message: string
}

export type TimeOutcome = ReadTime | NoTime

/** A day and a time as they are written, and the zone if they tell it. */
export interface WrittenTime {
  /** Epoch ms of the day's beginning, as if it were UTC. */
  readonly day: number
  /** Ms since midnight; undefined: a day alone. */
  readonly clockMs: number | undefined
  /** Local time minus UTC; undefined: the time is meant in a zone. */
  readonly offsetMs: number | undefined
}

const plainPattern =
  /^(\d{4})([-/])(\d{1,2})\2(\d{1,2})(?:(?:T| +)(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?(?: *(?:(Z|UTC)|([+-])(\d{2}):?(\d{2})?))?$/i

/**
 * Reads RFC 3339 and what databases make of it: a blank for the T, slashes, no leading zeros, no seconds. Nearly every
 * time of nearly every file is one of these, so this comes first. Undefined: it is none of them.
 *
 * A time without offset needs the zone that it is meant in. A date alone is its first instant, or with `endOfDay` its
 * last, which is what a promise of a day means.
 */
export function readPlainTime(text: string, clock: ZonedClock | undefined, endOfDay: boolean): TimeOutcome | undefined {
  const fixed = readFixedTime(text)
  if (fixed !== undefined) return settleTime(text, fixed, clock, endOfDay)
  const match = plainPattern.exec(text)
  if (match === null) return undefined
  const [, year, , month, day, hour, minute, second, fraction, utc, sign, offsetHour, offsetMinute] = match
  // What follows a day may be its hour, unless it has the minutes of an offset.
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

/** Most times are written in the form of `fixedTimeMs`, with or without `Z`. Undefined: it is none of these. */
function readFixedTime(text: string): WrittenTime | undefined {
  const isUtc = text.endsWith('Z')
  const localMs = fixedTimeMs(text, isUtc ? text.length - 1 : text.length)
  if (Number.isNaN(localMs)) return undefined
  const day = Math.floor(localMs / dayMs) * dayMs
  return { day, clockMs: localMs - day, offsetMs: isUtc ? 0 : undefined }
}

/** The instant of a written time: by its offset, otherwise by the clock of the zone. */
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
  if (typeof instant === 'number') return readTime(instant, isDate, text)
  // Clocks that are set at midnight say nothing about a day.
  return isDate ? readTime(instant.at, isDate, text) : { ok: true, isDate, ...instant }
}

/** The begin of the epoch, which databases write for a time that they do not have, is none. */
export function readTime(at: number, isDate: boolean, text: string): TimeOutcome {
  return at === 0 ? noDate(text) : { ok: true, at, isDate, doubt: undefined, laterAt: at }
}

export function noTime(cause: NoTime['cause'], message: string): NoTime {
  return { ok: false, cause, message }
}

/** Of a day or a time that no calendar or clock has. */
export function missingTime(text: string): NoTime {
  return isZeroDate(text) ? noDate(text) : noTime('unreadable', `${text} does not exist`)
}

export function noDate(text: string): NoTime {
  return noTime('placeholder', `${text} stands for no date`)
}
