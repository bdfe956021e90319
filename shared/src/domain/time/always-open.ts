import { alwaysOpenDefinition } from './calendar-definition.ts'
import type { CalendarDefinition } from './calendar-definition.ts'
import { CompiledDays } from './calendar-days.ts'
import { dayMs } from './local-date.ts'
import type { WorkingCalendar } from './working-calendar.ts'

/** The calendar on which all time is working time; its days are those of UTC. */
export const alwaysOpen: WorkingCalendar = {
  neverCloses: true,
  days: new CompiledDays(alwaysOpenDefinition),
  workingMs: (a, b) => Math.max(0, b - a),
  instantAfter: (a, workingMs) => a + workingMs,
  isWorking: () => true,
  nextStart: () => undefined,
  nextEnd: () => undefined,
  standardDayMs: () => dayMs,
}

/** The same with the days of a calendar that never closes. */
export function alwaysOpenBy(definition: Pick<CalendarDefinition, 'versions'>): WorkingCalendar {
  return { ...alwaysOpen, days: new CompiledDays(definition) }
}

/** The same with the days of a zone. @param timeZone IANA name. */
export function alwaysOpenIn(timeZone: string): WorkingCalendar {
  return alwaysOpenBy({ versions: alwaysOpenDefinition.versions.map((version) => ({ ...version, timeZone })) })
}
