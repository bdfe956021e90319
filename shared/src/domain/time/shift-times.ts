import type { CalendarVersion, Shift, WorkingWeek } from './calendar-definition.ts'
import { dayMs, weekdays } from './local-date.ts'
import type { Weekday } from './local-date.ts'

/** A shift in ms of the wall clock since midnight of the day on which it begins; `to` may be in the next day. */
export interface ShiftTimes {
  readonly from: number
  readonly to: number
}

function shiftTimes({ from, to }: Shift): ShiftTimes {
  const [start, end] = [clockMs(from), clockMs(to)]
  return { from: start, to: end > start ? end : end + dayMs }
}

/** Shifts that begin on a weekday. */
export function weekdayTimes(week: WorkingWeek, weekday: Weekday): readonly ShiftTimes[] {
  return (week[weekday] ?? []).map(shiftTimes)
}

/** The weekday whose shifts a make-up day uses if it names none. */
export function normalWeekday(week: WorkingWeek): Weekday {
  return weekdays.find((weekday) => (week[weekday] ?? []).length > 0) ?? 1
}

/** Working time of a weekday by the wall clock, ms. */
export function weekdayMs(week: WorkingWeek, weekday: Weekday): number {
  return weekdayTimes(week, weekday).reduce((sum, { from, to }) => sum + to - from, 0)
}

/**
 * Length of a typical working day of this calendar, ms: the median over its working weekdays. 32 working hours are 4
 * days of 8 hours, and 1.33 days only if work is around the clock.
 */
export function standardDayMs({ week }: Pick<CalendarVersion, 'week'>): number {
  const days = weekdays.map((weekday) => weekdayMs(week, weekday)).filter((ms) => ms > 0)
  const sorted = days.toSorted((a, b) => a - b)
  const middle = sorted.slice(Math.ceil(sorted.length / 2) - 1, Math.floor(sorted.length / 2) + 1)
  return middle.reduce((sum, ms) => sum + ms, 0) / middle.length
}

/**
 * Two shifts of a week that cover the same time. Undefined: there are none. Sunday night may overlap Monday morning.
 */
export function overlappingShifts(week: WorkingWeek): readonly [WeekShift, WeekShift] | undefined {
  const shifts = weekdays
    .flatMap((weekday) =>
      weekdayTimes(week, weekday).map((times, index) => ({ ...shifted(times, (weekday - 1) * dayMs), weekday, index })),
    )
    .toSorted((a, b) => a.from - b.from)
  const [first] = shifts
  if (first === undefined) return undefined
  for (const [i, shift] of shifts.entries()) {
    const next = shifts[i + 1] ?? { ...first, ...shifted(first, 7 * dayMs) }
    if (next.from < shift.to) return [shift, next]
  }
  return undefined
}

/** The position of a shift in its week. */
export interface WeekShift {
  readonly weekday: Weekday
  readonly index: number
}

function shifted({ from, to }: ShiftTimes, ms: number): ShiftTimes {
  return { from: from + ms, to: to + ms }
}

/** `HH:MM` as ms since midnight. */
export function clockMs(text: string): number {
  return (Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5))) * 60_000
}
