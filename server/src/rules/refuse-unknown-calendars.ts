import type { Queryable } from '@stagewatch/db/database.ts'
import type { ProcessDefinition } from '@stagewatch/shared/domain/process-definition.ts'
import { AppError } from '../platform/app-error.ts'
import { loadCalendarCodes } from './catalog-table.ts'
import type { CalendarChoice } from './site-calendars.ts'

/** A reference to a calendar: the path of the field, and the code in it. */
type NamedCalendar = readonly [field: string, code: string]

export function calendarsOfProcess({ stages }: ProcessDefinition): NamedCalendar[] {
  return stages.flatMap(({ calendar }, i): NamedCalendar[] =>
    calendar === undefined ? [] : [[`stages.${i}.calendar`, calendar]],
  )
}

export function calendarsOfChoice({ site, departments }: CalendarChoice): NamedCalendar[] {
  const ofDepartments = Object.entries(departments).map(([name, code]): NamedCalendar => [`departments.${name}`, code])
  return site === undefined ? ofDepartments : [['site', site], ...ofDepartments]
}

/**
 * A code without a calendar would count as none, and nobody would notice that all nights are working time.
 * @throws AppError `unknown_calendar` with every such reference.
 */
export async function refuseUnknownCalendars(
  tx: Queryable,
  site: string,
  named: readonly NamedCalendar[],
): Promise<void> {
  if (named.length === 0) return
  const known = await loadCalendarCodes(tx, site)
  const details = named
    .filter(([, code]) => !known.has(code))
    .map(([field, code]) => ({ field, message: `the site has no calendar ${code}` }))
  if (details.length > 0) throw new AppError('unknown_calendar', 'the site has no such calendar', { details })
}
