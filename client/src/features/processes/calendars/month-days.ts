import type { CalendarVersion, Holiday } from '@stagewatch/shared/domain/time/calendar-definition.ts'
import { epochDayOf, weekdayOf, type Weekday } from '@stagewatch/shared/domain/time/local-date.ts'
import { daysOfMonth } from '../../../format/months.ts'

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
  const special = new Map(holidays.map((holiday) => [holiday.date, holiday]))
  return daysOfMonth(month).map((date): MonthDay => {
    const weekday = weekdayOf(epochDayOf(date))
    const holiday = special.get(date)
    return { date, weekday, isWorking: holiday?.working ?? (week[weekday] ?? []).length > 0, holiday }
  })
}

/** Toggles a day between the rule of its weekday and the opposite, a day off or a working day. */
export function withDayToggled(version: CalendarVersion, { date, isWorking, holiday }: MonthDay): CalendarVersion {
  const others = version.holidays.filter((each) => each.date !== date)
  if (holiday !== undefined) return { ...version, holidays: others }
  const added = [...others, { date, working: !isWorking }]
  return { ...version, holidays: added.toSorted((a, b) => (a.date < b.date ? -1 : 1)) }
}
