import type { CalendarVersion } from './calendar-definition.ts'
import { dayMs, epochDayOf } from './local-date.ts'
import { firstInstantOf, zoneOffsets } from './zone-offsets.ts'

/** The midnight at which a version begins, epoch ms; -Infinity for the first one. */
export function versionStart({ validFrom, timeZone }: Pick<CalendarVersion, 'validFrom' | 'timeZone'>): number {
  if (validFrom === undefined) return -Infinity
  const midnight = epochDayOf(validFrom) * dayMs
  return firstInstantOf(zoneOffsets(timeZone, midnight - 2 * dayMs, midnight + 2 * dayMs), midnight)
}
