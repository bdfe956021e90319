import type { CalendarDays } from './time/calendar-days.ts'
import { clockMs } from './time/shift-times.ts'
import { calendarRange } from './time/working-calendar.ts'

/**
 * A daily cut-off, such as "what is here by 14:00 is handed to the carrier by 16:00". Times of day are by the clock of
 * the calendar that applies to the visit, else by that of the site. Working days are those on which a shift begins; if
 * all time is working time, every day is one.
 */
export interface CutOff {
  /**
   * `HH:MM`, inclusive of the start of that minute: what enters later counts as of the next working day. Undefined:
   * `leaveBy`.
   */
  readonly enterBy?: string
  /** `HH:MM` */
  readonly leaveBy: string
  /** This many working days later. Undefined: on the same day. */
  readonly daysLater?: number
}

/**
 * When an order that enters at an instant has to leave by a cut-off; epoch ms, never before it entered. The result is
 * monotone: an order that enters later is never due earlier. A time of day that the clocks skip is the instant of the
 * change; of one that occurs twice, the first is used. Undefined: the calendar has no such day any more.
 */
export function cutOffAt(
  { enterBy, leaveBy, daysLater = 0 }: CutOff,
  enteredAt: number,
  days: CalendarDays,
): number | undefined {
  if (enteredAt < calendarRange.from || enteredAt >= calendarRange.to) return undefined
  const entered = days.dayAt(enteredAt)
  const isInTime = enteredAt <= days.instantOn(entered, clockMs(enterBy ?? leaveBy))
  let day = days.workingDayFrom(isInTime ? entered : entered + 1)
  for (let later = 0; later < daysLater && day !== undefined; later++) day = days.workingDayFrom(day + 1)
  return day === undefined ? undefined : days.instantOn(day, clockMs(leaveBy))
}
