import { dayMs } from './local-date.ts'
import type { WorkingCalendar } from './working-calendar.ts'

/** The calendar on which all time is working time. */
export const alwaysOpen: WorkingCalendar = {
  workingMs: (a, b) => Math.max(0, b - a),
  instantAfter: (a, workingMs) => a + workingMs,
  isWorking: () => true,
  nextStart: () => undefined,
  nextEnd: () => undefined,
  standardDayMs: () => dayMs,
}
