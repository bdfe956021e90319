import { dayStartMs, fullYear } from './civil-time.ts'
import { doubtOf, isWeekday, monthOf } from './month-names.ts'

/** Order of day, month and year in a date. */
export const dateOrders = ['dmy', 'mdy', 'ymd'] as const
export type DateOrder = (typeof dateOrders)[number]

/** A date whose numbers allow several orders. */
export interface OpenDate {
  /**
   * Format apart from the order: `n.n.yyyy`, `n/n/nn`. All dates of a column with the same form have the same order.
   */
  readonly form: string
  readonly numbers: readonly [number, number, number]
  /** Epoch ms of the start of the day in UTC, for each order in which the date exists. */
  readonly days: ReadonlyMap<DateOrder, number>
}

/** A date at the start of a text. */
export interface DateText {
  /** Undefined if the calendar has no such day, or its month is in doubt. */
  readonly day: number | undefined
  /** Why it cannot be said which month its name means. */
  readonly doubt?: string
  /** Set if its numbers allow more than one order; `day` is meaningless then. */
  readonly open: OpenDate | undefined
  readonly shape: 'year first' | 'month name' | 'digits only' | OpenDate
  /** Index where the date ends. */
  readonly end: number
}

const yearFirst =
  /(\d{4})(?:([-/.])(\d{1,2})\2(\d{1,2})|([-/. ]) ?(\p{L}{3,12})\.?\5 ?(\d{1,2})|\. (\d{1,2})\. (\d{1,2})\.?)(?!\d)/uy
const chinese = /(\d{4}|\d{2}) ?[年년] ?(\d{1,2}) ?[月월] ?(\d{1,2}) ?[日号號일]?/y
const digitsOnly = /(\d{4})(\d{2})(\d{2})(?=\d{2}|[ T_-]|$)/iy
const numbersOnly = /(\d{1,2})([-/.]) ?(\d{1,2})\2 ?(\d{4}|\d{2})(?!\d)\.?/y
const dayAndName =
  /(\d{1,2})(?:\.|st|nd|rd|th|er|o)?[ /-]?(?:of |de )?(\p{L}{3,12})\.?,?[ /-]?(?:de |del )?(\d{4}|\d{2})(?!\d)(?: ?(?:г|r)\.?(?!\p{L}))?/iuy
const nameAndDay = /(\p{L}{3,12})\.?[ -]?(\d{1,2})(?:st|nd|rd|th)?,?[ -](\d{4})(?!\d)/iuy
const weekday = /(\p{L}{2,12}(?:-feira)?)\.?,? +/uy
/** `Tue Nov 03 14:05:00 CST 2026`: the year comes after the time. */
const yearLast = /^(\p{L}{3}) +(\d{1,2}) ([\d:.]+)( [A-Z]{1,5}| ?[+-]\d{4})? (\d{4})$/u

/** Rewrites a date as C and Java print it (`Tue Nov 03 14:05:00 CST 2026`) into the order of all other formats. */
export function withDateInFront(text: string): string {
  const plain = text.slice(weekdayEnd(text))
  const match = yearLast.exec(plain)
  if (match === null) return plain
  const [, month, day, time, zone = '', year] = match
  return `${month} ${day} ${year} ${time}${zone}`
}

function weekdayEnd(text: string): number {
  const match = matchAt(weekday, text, 0)
  if (match === null || !isWeekday(match[1] ?? '')) return 0
  // "mar." is both Tuesday and March; it is the weekday if a day follows, or a date with its month.
  const rest = text.slice(weekday.lastIndex)
  return monthOf(match[1] ?? '') === undefined || /^\d{1,2}\.?[ /-]?(?:de )?\p{L}/u.test(rest) ? weekday.lastIndex : 0
}

/** The date at the start of a text; undefined if there is none. */
export function dateAtStart(text: string): DateText | undefined {
  return readYearFirst(text) ?? readNumbers(text) ?? readNamed(text)
}

function readYearFirst(text: string): DateText | undefined {
  const plain = matchAt(yearFirst, text, 0)
  if (plain !== null) {
    const [, year, , month, day, , name, dayOfName, spacedMonth, spacedDay] = plain
    const monthNumber = name === undefined ? Number(month ?? spacedMonth) : monthOf(name)
    if (name !== undefined && doubtOf(name) !== undefined) return doubtful(name, yearFirst)
    if (monthNumber === undefined) return undefined
    return fixed('year first', dayStartMs(Number(year), monthNumber, Number(day ?? dayOfName ?? spacedDay)), yearFirst)
  }
  const han = matchAt(chinese, text, 0)
  if (han !== null)
    return fixed('year first', dayStartMs(fullYear(han[1] ?? ''), Number(han[2]), Number(han[3])), chinese)
  const digits = matchAt(digitsOnly, text, 0)
  if (digits === null) return undefined
  return fixed('digits only', dayStartMs(Number(digits[1]), Number(digits[2]), Number(digits[3])), digitsOnly)
}

function readNumbers(text: string): DateText | undefined {
  const match = matchAt(numbersOnly, text, 0)
  if (match === null) return undefined
  const [, first = '', separator = '', second = '', third = ''] = match
  const days = new Map<DateOrder, number>()
  const keep = (order: DateOrder, day: number | undefined) => day !== undefined && days.set(order, day)
  keep('dmy', dayStartMs(fullYear(third), Number(second), Number(first)))
  keep('mdy', dayStartMs(fullYear(third), Number(first), Number(second)))
  // A two-digit year comes first with slashes, as in 26/11/03, but hardly ever with points.
  const mayBeginWithYear = third.length === 2 && first.length === 2 && separator !== '.'
  if (mayBeginWithYear) keep('ymd', dayStartMs(fullYear(first), Number(second), Number(third)))
  const form = `n${separator}n${separator}${third.length === 2 ? 'yy' : 'yyyy'}`
  const open: OpenDate = { form, numbers: [Number(first), Number(second), Number(third)], days }
  const different = new Set(days.values())
  const [day] = different
  return { day, open: different.size > 1 ? open : undefined, shape: open, end: numbersOnly.lastIndex }
}

function readNamed(text: string): DateText | undefined {
  const before = matchAt(dayAndName, text, 0)
  if (before !== null && doubtOf(before[2] ?? '') !== undefined) return doubtful(before[2] ?? '', dayAndName)
  const nameBefore = before === null ? undefined : monthOf(before[2] ?? '')
  if (before !== null && nameBefore !== undefined)
    return fixed('month name', dayStartMs(fullYear(before[3] ?? ''), nameBefore, Number(before[1])), dayAndName)
  const after = matchAt(nameAndDay, text, 0)
  if (after !== null && doubtOf(after[1] ?? '') !== undefined) return doubtful(after[1] ?? '', nameAndDay)
  const nameAfter = after === null ? undefined : monthOf(after[1] ?? '')
  if (after === null || nameAfter === undefined) return undefined
  return fixed('month name', dayStartMs(Number(after[3]), nameAfter, Number(after[2])), nameAndDay)
}

function fixed(shape: 'year first' | 'month name' | 'digits only', day: number | undefined, pattern: RegExp): DateText {
  return { day, open: undefined, shape, end: pattern.lastIndex }
}

function doubtful(name: string, pattern: RegExp): DateText {
  return { ...fixed('month name', undefined, pattern), doubt: `names a month by ${name}, which ${doubtOf(name) ?? ''}` }
}

/** Matches a sticky pattern at an index; its `lastIndex` is the end of the match. */
export function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at
  return pattern.exec(text)
}
