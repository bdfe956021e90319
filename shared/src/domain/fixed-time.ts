const secondMs = 1_000
const minuteMs = 60 * secondMs
const hourMs = 60 * minuteMs
const [dash, colon, dot, blank, letterT, zero] = [0x2d, 0x3a, 0x2e, 0x20, 0x54, 0x30] as const
const afterSeconds = 19
const afterMs = 23

/** The last day that was read, because events that arrive together mostly share it. */
const lastDay = { year: 0, month: 0, day: 0, startMs: Number.NaN }

/**
 * Reads a time such as `2026-01-05T08:05:00`, optionally with a blank instead of the T and three decimals, as if it
 * were UTC, epoch ms. Most times have this format, and this takes a fifth of the time of a regular expression. NaN: the
 * format is different, or the numbers (30 February, 24:00, a leap second) need special handling.
 * @param end Index at which the time ends; the rest of the text is ignored.
 */
export function fixedTimeMs(text: string, end: number): number {
  if (end !== afterSeconds && end !== afterMs) return Number.NaN
  const between = text.charCodeAt(10)
  const isInPlace =
    text.charCodeAt(4) === dash &&
    text.charCodeAt(7) === dash &&
    (between === letterT || between === blank) &&
    text.charCodeAt(13) === colon &&
    text.charCodeAt(16) === colon &&
    (end === afterSeconds || text.charCodeAt(afterSeconds) === dot)
  if (!isInPlace) return Number.NaN
  const hour = number(text, 11, 2)
  const minute = number(text, 14, 2)
  const second = number(text, 17, 2)
  const ms = end === afterSeconds ? 0 : number(text, 20, 3)
  if (!(hour <= 23 && minute <= 59 && second <= 59)) return Number.NaN
  const startMs = dayMs(number(text, 0, 4), number(text, 5, 2), number(text, 8, 2))
  return startMs + hour * hourMs + minute * minuteMs + second * secondMs + ms
}

/** The start of a day in UTC; NaN: there is no such day. */
function dayMs(year: number, month: number, day: number): number {
  if (day === lastDay.day && month === lastDay.month && year === lastDay.year) return lastDay.startMs
  // `Date.UTC` maps years below 100 to the 20th century, and days that a month does not have to the next month.
  const startMs = year < 100 ? Number.NaN : Date.UTC(year, month - 1, day)
  const isDay = month >= 1 && month <= 12 && new Date(startMs).getUTCDate() === day
  lastDay.year = year
  lastDay.month = month
  lastDay.day = day
  lastDay.startMs = isDay ? startMs : Number.NaN
  return lastDay.startMs
}

/** The number if all characters are digits, else NaN. */
function number(text: string, at: number, length: number): number {
  let value = 0
  for (let i = at; i < at + length; i++) {
    const digit = text.charCodeAt(i) - zero
    if (!(digit >= 0 && digit <= 9)) return Number.NaN
    value = 10 * value + digit
  }
  return value
}

/** The last day and minute that were formatted, because instants that occur together mostly share them. */
const lastTexts = { day: Number.NaN, dayText: '', minute: Number.NaN, minuteText: '' }

/**
 * Formats an instant as RFC 3339 in UTC with ms, like `Date`, in a quarter of the time. The text is concatenated from
 * few pieces, because each of them stays in memory with it.
 */
export function fixedTimeText(atMs: number): string {
  const minute = Math.floor(atMs / minuteMs)
  if (minute !== lastTexts.minute) {
    lastTexts.minuteText = textOfMinute(minute)
    lastTexts.minute = minute
  }
  const inMinute = atMs - minute * minuteMs
  const second = Math.floor(inMinute / secondMs)
  const ms = Math.floor(inMinute) % 1000
  const end = ms === 0 ? wholeSeconds[second] : `${twoDigits[second]}.${ms < 100 ? '0' : ''}${ms < 10 ? '0' : ''}${ms}Z`
  return `${lastTexts.minuteText}${end}`
}

function textOfMinute(minute: number): string {
  const day = Math.floor(minute / (24 * 60))
  if (day !== lastTexts.day) {
    lastTexts.dayText = new Date(minute * minuteMs).toISOString().slice(0, -13)
    lastTexts.day = day
  }
  const inDay = minute - day * 24 * 60
  return `${lastTexts.dayText}${twoDigits[Math.floor(inDay / 60)]}:${twoDigits[inDay % 60]}:`
}

const twoDigits = Array.from({ length: 60 }, (_, value) => String(value).padStart(2, '0'))
const wholeSeconds = twoDigits.map((second) => `${second}.000Z`)
