import type { CalendarVersion, Holiday } from '@stagewatch/shared/domain/time/calendar-definition.ts'
import { epochDayOf, weekdayOf, type Weekday } from '@stagewatch/shared/domain/time/local-date.ts'

export interface MonthDay {
  /** `YYYY-MM-DD`. */
  readonly date: string
  readonly weekday: Weekday
  /** Whether a shift starts on this day. */
  readonly isWorking: boolean
  /** Undefined: the day follows its weekday. */
  readonly holiday: Holiday | undefined
}

/** The days of a month in a version of a calendar. @param month `YYYY-MM`. */
export function monthDays({ week, holidays }: CalendarVersion, month: string): MonthDay[] {
  const [year = 0, ordinal = 0] = month.split('-').map(Number)
  const count = new Date(Date.UTC(year, ordinal, 0)).getUTCDate()
  const special = new Map(holidays.map((holiday) => [holiday.date, holiday]))
  return Array.from({ length: count }, (_, i): MonthDay => {
    const date = `${month}-${String(i + 1).padStart(2, '0')}`
    const weekday = weekdayOf(epochDayOf(date))
    const holiday = special.get(date)
    return { date, weekday, isWorking: holiday?.working ?? (week[weekday] ?? []).length > 0, holiday }
  })
}

/** The month `count` months later. @param month `YYYY-MM`. */
export function addMonths(month: string, count: number): string {
  const [year = 0, ordinal = 0] = month.split('-').map(Number)
  return new Date(Date.UTC(year, ordinal - 1 + count, 1)).toISOString().slice(0, 7)
}

/** Toggles a day between the rule of its weekday and the opposite, a day off or a working day. */
export function withDayToggled(version: CalendarVersion, { date, isWorking, holiday }: MonthDay): CalendarVersion {
  const others = version.holidays.filter((each) => each.date !== date)
  if (holiday !== undefined) return { ...version, holidays: others }
  const added = [...others, { date, working: !isWorking }]
  return { ...version, holidays: added.toSorted((a, b) => (a.date < b.date ? -1 : 1)) }
}
