import type { CalendarDefinition, Shift as WorkingTime } from '@stagewatch/shared/domain/time/calendar-definition.ts'
import type { LocalText } from '@stagewatch/shared/domain/local-text.ts'
import { plantSite } from './plant-definition.ts'
import type { Shift } from './plant-time.ts'

const times = {
  night: { from: '00:00', to: '08:00' },
  day: { from: '08:00', to: '16:00' },
  evening: { from: '16:00', to: '24:00' },
} as const satisfies Record<Shift, WorkingTime>

const names = {
  night: { zh: '夜班', en: 'Night shift' },
  day: { zh: '白班', en: 'Day shift' },
  evening: { zh: '中班', en: 'Evening shift' },
} as const satisfies Record<Shift, LocalText>

/** The calendar by which the people of a shift work. */
export const shiftCalendars: Readonly<Record<Shift, CalendarDefinition>> = {
  night: calendar('night-shift', names.night, [times.night]),
  day: calendar('day-shift', names.day, [times.day]),
  evening: calendar('evening-shift', names.evening, [times.evening]),
}

/** The plant works around the clock, so this changes no due time; it says when one shift hands over to the next. */
export const threeShifts = calendar('three-shifts', { zh: '三班', en: 'Three shifts' }, Object.values(times))

/** The same every day: the plant works on weekends and holidays. */
function calendar(code: string, name: LocalText, day: readonly WorkingTime[]): CalendarDefinition {
  const week = { 1: day, 2: day, 3: day, 4: day, 5: day, 6: day, 7: day }
  return { code, name, versions: [{ timeZone: plantSite.timeZone, week, holidays: [] }] }
}
