import { fieldIssues } from '@stagewatch/shared/contract/issue-texts.ts'
import { z } from 'zod'
import { AppError } from '../../platform/app-error.ts'
import { jsonSteps } from '../../platform/http/read-json.ts'
import { HolidayGatherer } from './holiday-file.ts'
import type { FilePlace, HolidayFile } from './holiday-file.ts'

const yearFile = z.object({
  year: z.int().min(1970).max(2099),
  days: z.array(z.object({ name: z.string(), date: z.iso.date('must be a date YYYY-MM-DD'), isOffDay: z.boolean() })),
})

/**
 * Holidays in the format of github.com/NateScarlet/holiday-cn: `{ year, days: [{ name, date, isOffDay }] }`, where
 * `isOffDay: false` is a make-up working day. The year is that of the notice, so some days may be in the December
 * before or the January after it. The file of a notice that is not published yet has no days and is rejected. Read in short
 * steps: at once, a file of the longest length with nothing but different keys takes 50 ms.
 */
export function* holidayJsonSteps(text: string): Generator<void, HolidayFile> {
  const gatherer = new HolidayGatherer()
  const json = yield* documentSteps(text)
  if (dayCount(json) > maxDays) return refused({ field: 'days' }, `there are more than ${maxDays} days`)
  const parsed = yearFile.safeParse(json)
  for (const { field, message } of parsed.error ? fieldIssues(parsed.error) : []) gatherer.reject({ field }, message)
  if (!parsed.success) return gatherer.toResults(() => [])

  const { year, days } = parsed.data
  if (days.length === 0)
    gatherer.reject({ field: 'days' }, `the notice for ${year} has not been published yet: there are no days`)
  for (const [i, { name, date, isOffDay }] of days.entries()) {
    const place = { field: `days.${i}.date` }
    if (date < `${year - 1}-12` || date >= `${year + 1}-02`) gatherer.reject(place, `${date} is not a day of ${year}`)
    else gatherer.add({ date, working: !isOffDay, name }, place)
  }
  return gatherer.toResults(() => [year])
}

/** A year has about thirty; checked before the schema validates all of them. */
const maxDays = 1_000

function dayCount(json: unknown): number {
  const days = typeof json === 'object' && json !== null && 'days' in json ? json.days : undefined
  return Array.isArray(days) ? days.length : 0
}

function refused(place: FilePlace, message: string): HolidayFile {
  return { ok: false, problems: [{ ...place, message }] }
}

/** Undefined, which no schema accepts, if the text is not JSON, or larger or deeper than a document. */
function* documentSteps(text: string): Generator<void, unknown> {
  try {
    return yield* jsonSteps(text.replace(/^\uFEFF/, ''), 'document')
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof AppError) return undefined
    throw error
  }
}
