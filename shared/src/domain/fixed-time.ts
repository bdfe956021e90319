const secondMs = 1_000
const minuteMs = 60 * secondMs
const hourMs = 60 * minuteMs
const [dash, colon, dot, blank, letterT, zero] = [0x2d, 0x3a, 0x2e, 0x20, 0x54, 0x30] as const
const afterSeconds = 19
const afterMs = 23

/** The day that was read last, which events that come together mostly share. */
const lastDay = { year: 0, month: 0, day: 0, startMs: Number.NaN }

/**
 * The time of `2026-01-05T08:05:00`, which may have a blank for the T and three decimals, as if it were UTC, epoch ms.
 * Most times that arrive are written so, and reading them like this takes a fifth of what a pattern takes. NaN: it is
 * written otherwise, or its numbers (a 30 February, 24:00, a leap second) need another look.
 * @param end where the time ends in the text; what follows is not looked at.
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

/** The begin of a day in UTC; NaN: there is no such day. */
function dayMs(year: number, month: number, day: number): number {
  if (day === lastDay.day && month === lastDay.month && year === lastDay.year) return lastDay.startMs
  // Years below 100 are those of the last century to Date.UTC, and other days than a month has those of the next.
  const startMs = year < 100 ? Number.NaN : Date.UTC(year, month - 1, day)
  const isDay = month >= 1 && month <= 12 && new Date(startMs).getUTCDate() === day
  lastDay.year = year
  lastDay.month = month
  lastDay.day = day
  lastDay.startMs = isDay ? startMs : Number.NaN
  return lastDay.startMs
}

/** Of digits alone; NaN: they are not. */
function number(text: string, at: number, length: number): number {
  let value = 0
  for (let i = at; i < at + length; i++) {
    const digit = text.charCodeAt(i) - zero
    if (!(digit >= 0 && digit <= 9)) return Number.NaN
    value = 10 * value + digit
  }
  return value
}

const dayTexts = { day: Number.NaN, text: '' }

/** RFC 3339 in UTC with ms of an instant, as `Date` writes it, in a quarter of the time. */
export function fixedTimeText(atMs: number): string {
  const day = Math.floor(atMs / (24 * hourMs))
  if (day !== dayTexts.day) {
    dayTexts.text = new Date(atMs).toISOString().slice(0, -13)
    dayTexts.day = day
  }
  const inDay = atMs - day * 24 * hourMs
  const hour = Math.floor(inDay / hourMs)
  const minute = Math.floor(inDay / minuteMs) % 60
  const second = Math.floor(inDay / secondMs) % 60
  const ms = Math.floor(inDay) % 1000
  return `${dayTexts.text}${twoDigits[hour]}:${twoDigits[minute]}:${twoDigits[second]}.${ms < 100 ? '0' : ''}${ms < 10 ? '0' : ''}${ms}Z`
}

const twoDigits = Array.from({ length: 60 }, (_, value) => String(value).padStart(2, '0'))
