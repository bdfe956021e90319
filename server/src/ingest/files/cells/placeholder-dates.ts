import { dayMs, dayStartMs } from './civil-time.ts'

/** First days of calendars and epochs, which programs write for "no date". */
const placeholderDays = new Set(
  [
    // In order: Windows, SQL Server and Dynamics NAV, Access and Delphi, Excel and SAP Business One.
    [1601, 1, 1],
    [1753, 1, 1],
    [1899, 12, 30],
    [1899, 12, 31],
    [1900, 1, 1],
  ].flatMap(([year = 0, month = 0, day = 0]) => {
    const start = dayStartMs(year, month, day) ?? 0
    // West of the zone in which the value was written, it is still the previous day.
    return [start, start - dayMs]
  }),
)
/** No file of orders goes back further, so most days need only one comparison. */
const firstUsualDay = dayStartMs(1900, 1, 2) ?? 0
const firstDay = dayStartMs(1, 1, 3) ?? 0
const lastDay = dayStartMs(9999, 12, 30) ?? 0

/** Whether a local time is one that programs write for a missing time. */
export function standsForNoDate(day: number, clockMs: number): boolean {
  if (day > 0) return day >= lastDay
  return (day === 0 && clockMs === 0) || (day < firstUsualDay && (day < firstDay || placeholderDays.has(day)))
}

const zeroDate =
  /^(?:0{4}([-/.年]) ?0{1,2}[-/.月] ?0{1,2}日?|0{1,2}([-/.])0{1,2}\2(?:0{2}|0{4}))(?:[T ,]*0{1,2}[:.]0{2}(?:[:.]0{2}(?:[.,]0+)?)?(?: ?[AP]M)?)?Z?$/i
const zeroNumber = /^(?:-?0(?:[.,]0+)?|0{8}|0{12}|0{14}|0{17})$/
/** The first days of the years 1 and 1900 and the last day of 9999, in seconds or milliseconds since 1970. */
const countedPlaceholder = /^(?:-62135596800|-2208988800|253402214400|253402300799)(?:000|999)?$/
/** How Excel displays day number 0. */
const dayZero = /^(?:1900([-/.])0?1\1 ?00?|0?1\/00?\/(?:19)?00|00?[./-]0?1[./-](?:19)?00)(?: 0{1,2}:0{2}(?::0{2})?)?$/
/** 31 December 9999 as an Excel day number. */
const lastDayNumber = /^2958465(?:[.,]\d+)?$/

/** Whether a text means "no date" without being a calendar date. */
export function isZeroDate(text: string): boolean {
  return (
    zeroNumber.test(text) ||
    countedPlaceholder.test(text) ||
    zeroDate.test(text) ||
    dayZero.test(text) ||
    lastDayNumber.test(text)
  )
}
