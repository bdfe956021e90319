import { epochDayOfCompact } from './calendar-date.ts'
import type { CalendarEvent } from './calendar-events.ts'
import type { ContentLine } from './content-lines.ts'
import type { HolidayGatherer } from './holiday-file.ts'
import { yearlyDays, yearlyRuleOf } from './yearly-rule.ts'

const longestDays = 366
const notUnderstood = ['RDATE', 'EXRULE', 'RECURRENCE-ID'] as const

/** The epoch days that an all-day event covers, including its recurrences within some years. */
export function eventDays(
  event: CalendarEvent,
  years: readonly [from: number, through: number],
  gatherer: HolidayGatherer,
): readonly number[] {
  const refuse = (line: number, field: string, message: string): readonly number[] => {
    gatherer.reject({ line, field }, message)
    return []
  }
  const property = (name: string) => event.properties.get(name)?.[0]
  const start = property('DTSTART')
  if (start === undefined) return refuse(event.line, 'DTSTART', 'is missing')
  const firstDay = epochDayOfCompact(start.value)
  if (firstDay === undefined) {
    return refuse(start.line, 'DTSTART', 'must be the date of an all-day event, such as ;VALUE=DATE:20261001')
  }
  const strange = notUnderstood.map(property).find((content) => content !== undefined)
  if (strange !== undefined) return refuse(strange.line, strange.name, 'is not understood')

  const length = lengthDays(firstDay, property('DTEND'), property('DURATION'))
  if ('problem' in length) return refuse(length.at.line, length.at.name, length.problem)

  const repeat = property('RRULE')
  const rule = repeat === undefined ? { intervalYears: 1, count: 1, until: Infinity } : yearlyRuleOf(repeat, firstDay)
  if (typeof rule === 'string') return refuse(repeat?.line ?? event.line, 'RRULE', rule)

  const left = new Set<number>()
  for (const { value, line } of event.properties.get('EXDATE') ?? []) {
    for (const date of value.split(',')) {
      const day = epochDayOfCompact(date)
      if (day === undefined) return refuse(line, 'EXDATE', 'must be dates such as 20261001')
      left.add(day)
    }
  }
  // The last days of an event that begins in the previous year may be in the first year.
  const [fromYear, throughYear] = years
  const span = repeat === undefined ? ([-Infinity, Infinity] as const) : ([fromYear - 1, throughYear] as const)
  return [...yearlyDays(firstDay, rule, span)]
    .filter((day) => !left.has(day))
    .flatMap((day) => Array.from({ length: length.days }, (_, i) => day + i))
}

/** DTEND is the day after the last one; for a one-day event, some programs write the day itself. */
function lengthDays(
  firstDay: number,
  end: ContentLine | undefined,
  duration: ContentLine | undefined,
): { days: number } | { problem: string; at: ContentLine } {
  const content = end ?? duration
  if (content === undefined) return { days: 1 }
  const days = content === end ? daysUntil(firstDay, content.value) : durationDays(content.value)
  if (days === undefined) {
    return { problem: `must be ${content === end ? 'a date such as 20261002' : 'whole days such as P1D'}`, at: content }
  }
  if (days < 0) return { problem: 'lies before DTSTART', at: content }
  if (days > longestDays) return { problem: `is more than ${longestDays} days after DTSTART`, at: content }
  return { days: Math.max(1, days) }
}

function daysUntil(firstDay: number, value: string): number | undefined {
  const end = epochDayOfCompact(value)
  return end === undefined ? undefined : end - firstDay
}

function durationDays(value: string): number | undefined {
  const [, count, unit] = /^\+?P(\d{1,4})([DW])$/.exec(value) ?? []
  return count === undefined ? undefined : Number(count) * (unit === 'W' ? 7 : 1)
}
