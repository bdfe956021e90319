import type { ContentLine } from './content-lines.ts'
import { epochDayOfCompact, sameDayIn } from './calendar-date.ts'
import { dateOf } from '@stagewatch/shared/domain/time/local-date.ts'

/** How an event returns every year on the same date. */
export interface YearlyRule {
  readonly intervalYears: number
  readonly count: number
  /** Epoch day, included. */
  readonly until: number
}

/** The rule of an RRULE (RFC 5545, section 3.3.10), or why it is none that is understood. */
export function yearlyRuleOf({ value }: ContentLine, firstDay: number): YearlyRule | string {
  const parts = new Map(value.split(';').map((part) => splitPart(part)))
  if (parts.get('FREQ') !== 'YEARLY') return 'only FREQ=YEARLY is understood'
  const [, month, day] = dateOf(firstDay).split('-').map(Number)
  let [intervalYears, count, until] = [1, Infinity, Infinity]
  for (const [name, text] of parts) {
    const number = /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN
    if (name === 'INTERVAL' && number > 0) intervalYears = number
    else if (name === 'COUNT' && number > 0) count = number
    else if (name === 'UNTIL' && epochDayOfCompact(text.slice(0, 8)) !== undefined) {
      until = epochDayOfCompact(text.slice(0, 8)) ?? until
    } else if (!isRedundant(name, number, month, day)) return `${name}=${text} is not understood`
  }
  return { intervalYears, count, until }
}

/** The days on which an event with this rule begins, from one year up to the end of another. */
export function* yearlyDays(
  firstDay: number,
  { intervalYears, count, until }: YearlyRule,
  [fromYear, throughYear]: readonly [number, number],
): Generator<number> {
  const [begin = '', month, day] = dateOf(firstDay).split('-')
  const isLeapDay = month === '02' && day === '29'
  const firstYear = Number(begin)
  // A calendar may have begun two thousand years ago: what lies before is counted and not gone through.
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

/** Parts that say again what FREQ and the event's date say already. */
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
