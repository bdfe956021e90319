import { z } from 'zod'
import { HolidayGatherer } from './holiday-file.ts'
import type { HolidayFile } from './holiday-file.ts'

const yearFile = z.object({
  year: z.int().min(1970).max(2099),
  days: z.array(z.object({ name: z.string(), date: z.iso.date('must be a date YYYY-MM-DD'), isOffDay: z.boolean() })),
})

/**
 * Holidays as github.com/NateScarlet/holiday-cn publishes them: `{ year, days: [{ name, date, isOffDay }] }`, where
 * `isOffDay: false` is a make-up working day. The year is that of the notice, so some days may lie in the December
 * before it or in the January after it. A notice that is not out yet is a file without days, which is refused.
 */
export function readHolidayJson(text: string): HolidayFile {
  const gatherer = new HolidayGatherer()
  const parsed = yearFile.safeParse(jsonOf(text))
  for (const { path, message } of parsed.error?.issues ?? []) gatherer.reject({ field: path.join('.') }, message)
  if (!parsed.success) return gatherer.conclude(() => [])

  const { year, days } = parsed.data
  if (days.length === 0) gatherer.reject({ field: 'days' }, `the notice for ${year} is not out yet: there are no days`)
  for (const [i, { name, date, isOffDay }] of days.entries()) {
    const place = { field: `days.${i}.date` }
    if (date < `${year - 1}-12` || date >= `${year + 1}-02`) gatherer.reject(place, `${date} is no day of ${year}`)
    else gatherer.add({ date, working: !isOffDay, name }, place)
  }
  return gatherer.conclude(() => [year])
}

/** Undefined, which no schema accepts, when the text is no JSON. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch {
    return undefined
  }
}
