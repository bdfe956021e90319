import type { CalendarDefinition } from '@stagewatch/shared/domain/time/calendar-definition.ts'
import { alwaysOpen } from '@stagewatch/shared/domain/time/always-open.ts'
import { calendarOf } from '@stagewatch/shared/domain/time/calendar-of.ts'
import type { WorkingCalendar } from '@stagewatch/shared/domain/time/working-calendar.ts'
import type { WorkingPerson } from '@stagewatch/shared/domain/presence.ts'
import type { CalendarChoice } from '../rules/site-calendars.ts'
import type { StoredMember } from './members-table.ts'

/** The rules by which the people of a site work. */
interface WorkingRules {
  readonly site: { readonly timeZone: string }
  readonly catalog: { readonly calendars: readonly CalendarDefinition[]; readonly calendarChoice: CalendarChoice }
}

/** Compiling a calendar takes some ms, and the same definitions are requested repeatedly. */
const compiled = new WeakMap<CalendarDefinition, WorkingCalendar>()

/**
 * When somebody works: by their own calendar, else by that of the first of their departments that has one, else by that
 * of the site; without any, at all times except absences. Absences are in the time zone of the calendar.
 */
export function workingPerson(
  member: Pick<StoredMember, 'calendar' | 'departments' | 'absences'>,
  { site, catalog }: WorkingRules,
  now: number,
): WorkingPerson & { readonly worksBy: string | undefined } {
  const { departments, site: ofSite } = catalog.calendarChoice
  const ofDepartments = (member.departments ?? []).map((text) =>
    Object.hasOwn(departments, text) ? departments[text] : undefined,
  )
  const definition = [member.calendar, ...ofDepartments, ofSite]
    .map((code) => catalog.calendars.find((calendar) => calendar.code === code))
    .find((found) => found !== undefined)
  const absences = member.absences.map(({ request: { deputy, ...rest } }) => ({ ...rest, deputyId: deputy }))
  if (definition === undefined) return { calendar: alwaysOpen, absences, timeZone: site.timeZone, worksBy: undefined }
  const calendar = compiled.get(definition) ?? calendarOf(definition)
  compiled.set(definition, calendar)
  return { calendar, absences, timeZone: zoneAt(definition, now), worksBy: definition.code }
}

/** The time zone of the version that is valid on the day of the instant. */
function zoneAt({ versions }: CalendarDefinition, now: number): string {
  const today = new Date(now).toISOString().slice(0, 10)
  const valid = versions.findLast(({ validFrom }) => validFrom === undefined || validFrom <= today) ?? versions[0]
  return valid?.timeZone ?? 'UTC'
}
