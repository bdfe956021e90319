import { clockAt, zoneAt } from './clock-text.ts'
import type { CountedShape } from './counted-time.ts'
import { readCountedTime } from './counted-time.ts'
import type { DateText, OpenDate } from './date-text.ts'
import { dateAtStart, matchAt, withDateInFront } from './date-text.ts'
import type { ZonedClock } from './zoned-clock.ts'

/** What a cell of a column of times says while the date order of its column is unknown. */
export type TimeText =
  | { readonly kind: 'instant'; readonly shape: CountedShape; readonly at: number }
  | {
      readonly kind: 'written'
      readonly shape: 'year first' | 'month name' | CountedShape | OpenDate
      /** Epoch ms of the start of the day in UTC; undefined while `open`. */
      readonly day: number | undefined
      readonly open: OpenDate | undefined
      /** Undefined for a day without a time. */
      readonly clockMs: number | undefined
      readonly offsetMs: number | undefined
      /** The zone that the text names, if it has no offset. */
      readonly clock: ZonedClock | undefined
    }
  /** A time of day, without a date. */
  | { readonly kind: 'clock' }
  /** Looks like a time, but no such time exists. */
  | { readonly kind: 'missing'; readonly reason: string }

/** Separators between a date and a time. */
const between =
  /(?:t| - |-(?=\d{1,2}[:.]\d{2}[:.]\d{2}|\d{6}$)| ?\((?:周|星期|礼拜)?[一二三四五六日天]\) ?| ?(?:周|星期|礼拜)[一二三四五六日天] ?| ?[,:;_|]? ?(?:(?:at|um|à|às|a las|alle|kl\.?|o|godz\.?|o godz\.?|в) )?)/iuy

/** Normalizes full-width characters and collapses whitespace. */
export function plainText(cell: string): string {
  return cell.normalize('NFKC').replace(/\s+/g, ' ').trim()
}

/** Returns undefined if the text is not a time in any known form. */
export function readWrittenTime(cell: string): TimeText | undefined {
  const text = plainText(cell)
  const counted = readCountedTime(text)
  if (counted?.at !== undefined) return { kind: 'instant', shape: counted.shape, at: counted.at }
  if (counted?.written)
    return { kind: 'written', shape: counted.shape, open: undefined, clock: undefined, ...counted.written }
  return readDateFirst(withDateInFront(text)) ?? readTimeFirst(text)
}

function readDateFirst(text: string): TimeText | undefined {
  const date = dateAtStart(text)
  if (date === undefined) return undefined
  const afterDigits = date.shape === 'digits only'
  // A zone may follow directly (2026-11-03Z); then there is no separator and no time.
  const gap = date.end < text.length && matchAt(between, text, date.end) !== null ? between.lastIndex : date.end
  const time = clockAt(text, gap, afterDigits)
  return assemble(text, date, time, time?.end ?? date.end)
}

/** `14:05 03.11.2026`. */
function readTimeFirst(text: string): TimeText | undefined {
  const time = clockAt(text, 0, false)
  if (time === undefined) return undefined
  if (time.end === text.length) return { kind: 'clock' }
  const gap = matchAt(between, text, time.end) === null ? time.end : between.lastIndex
  const rest = text.slice(gap)
  const date = gap === time.end ? undefined : dateAtStart(rest)
  return date && assemble(rest, date, time, date.end)
}

function assemble(
  text: string,
  date: DateText,
  time: { readonly ms: number | undefined } | undefined,
  end: number,
): TimeText | undefined {
  const zone = zoneAt(text, end)
  if (zone === undefined) return undefined
  // "2026.11.03-14" may be a day with an hour or a day with an offset.
  if (time === undefined && zone.offsetMs !== undefined && !dayOffset.test(text)) return undefined
  if (zone.problem !== undefined) return { kind: 'missing', reason: zone.problem }
  if (date.doubt !== undefined) return { kind: 'missing', reason: date.doubt }
  if ((date.day === undefined && date.open === undefined) || (time !== undefined && time.ms === undefined))
    return { kind: 'missing', reason: 'does not exist' }
  const { offsetMs, clock } = zone
  return { kind: 'written', shape: date.shape, day: date.day, open: date.open, clockMs: time?.ms, offsetMs, clock }
}

const dayOffset = /(?:z|utc|gmt|[+-]\d{2}:\d{2})$/i
