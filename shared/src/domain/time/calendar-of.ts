import { alwaysOpenBy } from './always-open.ts'
import type { CalendarDefinition, CalendarVersion } from './calendar-definition.ts'
import { CompiledCalendar } from './compiled-calendar.ts'
import { dayMs, weekdays } from './local-date.ts'
import { weekdayMs } from './shift-times.ts'
import type { WorkingCalendar } from './working-calendar.ts'

/** Working-time arithmetic of a calendar; for one that never closes it is plain subtraction. */
export function calendarOf(definition: CalendarDefinition): WorkingCalendar {
  return definition.versions.every(neverCloses) ? alwaysOpenBy(definition) : new CompiledCalendar(definition)
}

/** Shifts do not overlap, so only a week without a gap adds up to seven days. */
function neverCloses({ week, holidays }: CalendarVersion): boolean {
  return holidays.length === 0 && weekdays.every((weekday) => weekdayMs(week, weekday) === dayMs)
}
