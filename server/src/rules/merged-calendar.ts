import { calendarDefinition } from '@stagewatch/shared/contract/calendar.ts'
import { fieldIssues } from '@stagewatch/shared/contract/issue-texts.ts'
import type { CalendarDefinition } from '@stagewatch/shared/domain/time/calendar-definition.ts'
import { mergeHolidays, type HolidayList } from '@stagewatch/shared/domain/time/holidays.ts'
import { AppError } from '../platform/app-error.ts'

interface MergedCalendar {
  readonly definition: CalendarDefinition
  /** Number of new days, of days that changed, and of days that the calendar had already. */
  readonly added: number
  readonly replaced: number
  readonly ignored: number
}

/** @throws AppError `invalid_field` when the merged calendar could not be stored. */
export function mergedCalendar(calendar: CalendarDefinition, list: HolidayList): MergedCalendar {
  const { definition, added, replaced } = mergeHolidays(calendar, list)
  const { error } = calendarDefinition.safeParse(definition)
  if (error !== undefined) {
    const details = fieldIssues(error)
    throw new AppError('invalid_field', 'the calendar cannot take these holidays', { details })
  }
  return {
    definition,
    added: added.length,
    replaced: replaced.length,
    ignored: list.days.length - added.length - replaced.length,
  }
}
