import type { ContentLine } from './content-lines.ts'
import { epochDayOfCompact, sameDayIn } from './calendar-date.ts'
import { dateOf } from '@stagewatch/shared/domain/time/local-date.ts'

/** The recurrence of an event every year on the same date. */
export interface YearlyRule {
  readonly intervalYears: number
  readonly count: number
  /** Epoch day, inclusive. */
  readonly until: number
}

/** The rule of an RRULE (RFC 5545, section 3.3.10), or the reason why it is not supported. */
export function yearlyRuleOf({ value }: ContentLine, firstDay: number): YearlyRule | string {
  const parts = new Map(value.split(';').map((part) => splitPart(part)))
  if (parts.get('FREQ') !== 'YEARLY') return 'only FREQ=YEARLY is supported'
  const [, month, day] = dateOf(firstDay).split('-').map(Number)
  let [intervalYears, count, until] = [1, Infinity, Infinity]
  for (const [name, text] of parts) {
    const number = /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN
    if (name === 'INTERVAL' && number > 0) intervalYears = number
    else if (name === 'COUNT' && number > 0) count = number
    else if (name === 'UNTIL' && epochDayOfCompact(text.slice(0, 8)) !== undefined) {
      until = epochDayOfCompact(text.slice(0, 8)) ?? until
    } else if (!isRedundant(name, number, month, day)) return `${name}=${text} is not supported`
  }
  return { intervalYears, count, until }
}

/** The start days of an event with this rule, from the first through the last year. */
export function* yearlyDays(
  firstDay: number,
  { intervalYears, count, until }: YearlyRule,
  [fromYear, throughYear]: readonly [number, number],
): Generator<number> {
  const [begin = '', month, day] = dateOf(firstDay).split('-')
  const isLeapDay = month === '02' && day === '29'
  const firstYear = Number(begin)
  // A calendar may begin two thousand years ago: earlier occurrences are counted without iterating over them.
  const passed = isLeapDay ? 0 : Math.max(0, Math.ceil((fromYear - firstYear) / intervalYears))
  let found = passed
  for (let year = firstYear + passed * intervalYears; year <= throughYear && found < count; year += intervalYears) {
    if (isLeapDay && !isLeapYear(year)) continue
    found += 1
    if (year < fromYear) continue
    const next = sameDayIn(year, firstDay)
    if (next === undefined || next > until) return
    yield next
  }
}

function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
}

/** Parts that repeat what FREQ and the date of the event say already. */
function isRedundant(name: string, number: number, month: number | undefined, day: number | undefined): boolean {
  return (
    name === 'FREQ' ||
    name === 'WKST' ||
    (name === 'BYMONTH' && number === month) ||
    (name === 'BYMONTHDAY' && number === day)
  )
}

function splitPart(part: string): [string, string] {
  const at = part.indexOf('=')
  return at < 0 ? [part.toUpperCase(), ''] : [part.slice(0, at).toUpperCase(), part.slice(at + 1).toUpperCase()]
}
