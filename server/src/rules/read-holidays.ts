import type { HolidaysRequest } from '@stagewatch/shared/contract/calendar-settings.ts'
import { chineseHolidays } from '@stagewatch/shared/domain/time/chinese-holidays.ts'
import type { HolidayList } from '@stagewatch/shared/domain/time/holidays.ts'
import { AppError } from '../platform/app-error.ts'
import { inSlices } from '../platform/in-slices.ts'
import type { FileProblem, HolidayFile } from './holiday-files/holiday-file.ts'
import { holidayJsonSteps } from './holiday-files/read-holiday-json.ts'
import { icalendarSteps } from './holiday-files/read-icalendar.ts'

/** A file with a thousand mistakes is something else; the first few show that. */
const shownProblems = 20

/**
 * The days of a file, or of the built-in list.
 * @param to end of the expansion of yearly events, epoch ms.
 * @throws AppError `invalid_field` with each line or field that is not understood.
 */
export async function readHolidays(request: HolidaysRequest, to: number): Promise<HolidayList> {
  if (request.format === 'china') return chineseHolidays
  const file = await readFile(request, new Date(to).getUTCFullYear())
  if (file.ok) return file.list
  const details = file.problems.slice(0, shownProblems).map((found) => ({
    field: 'text',
    reason: 'unreadable' as const,
    message: textOf(found),
  }))
  throw new AppError('invalid_field', 'the holidays cannot be read; nothing was stored', { details })
}

function readFile(
  { format, text }: Exclude<HolidaysRequest, { readonly format: 'china' }>,
  throughYear: number,
): Promise<HolidayFile> {
  return inSlices(format === 'icalendar' ? icalendarSteps(text, throughYear) : holidayJsonSteps(text))
}

/** `line 3, DTSTART: …` */
function textOf({ line, field, message }: FileProblem): string {
  const place = [...(line === undefined ? [] : [`line ${line}`]), ...(field === '' ? [] : [field])].join(', ')
  return place === '' ? message : `${place}: ${message}`
}
