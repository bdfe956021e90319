import type { CalendarDefinition, CalendarVersion, Shift, WorkingWeek } from '../calendar-definition.ts'

/** 08:00 to 12:00 and 13:00 to 17:00. */
const officeDay: readonly Shift[] = [
  { from: '08:00', to: '12:00' },
  { from: '13:00', to: '17:00' },
]

export const officeWeek = weekOf(officeDay)

/** The same shifts from Monday to Friday. */
export function weekOf(day: readonly Shift[]): WorkingWeek {
  return { 1: day, 2: day, 3: day, 4: day, 5: day }
}

/** Shanghai office hours without holidays, except for the given changes of each version. */
export function plantCalendar(...versions: readonly Partial<CalendarVersion>[]): CalendarDefinition {
  return {
    code: 'plant',
    name: { zh: '工厂', en: 'Plant' },
    versions: versions.map((version) => ({ timeZone: 'Asia/Shanghai', week: officeWeek, holidays: [], ...version })),
  }
}
