import type { DoctorReport } from '@stagewatch/shared/contract/admin.ts'
import { missingHolidayYears } from '@stagewatch/shared/domain/time/missing-holiday-years.ts'
import type { SitePipeline } from '../pipeline.ts'
import { calendarSpan } from './calendar-span.ts'

type Check = DoctorReport['checks'][number]

/** Notices of public holidays come out in the last weeks before their year, so no earlier does one have to be there. */
const noticeMs = 60 * 86_400_000

/** Whether every calendar that is named is there, and knows the holidays of the years for which it is asked. */
export function calendarsAreComplete({ engine, catalog }: SitePipeline, now: number): Check {
  const { from, to } = calendarSpan(engine, now)
  const codes = new Set(catalog.calendars.map(({ code }) => code))
  const unknown = namedCalendars(catalog).filter((code) => !codes.has(code))
  const gaps = catalog.calendars.map((calendar) => ({
    code: calendar.code,
    years: missingHolidayYears(calendar, from, to),
    urgent: missingHolidayYears(calendar, from, now + noticeMs).length > 0,
  }))
  const found = [
    ...unknown.map((code) => `${code} is named and not defined, so it counts as none`),
    ...gaps
      .filter(({ years }) => years.length > 0)
      .map(({ code, years }) => `${code} has no holidays for ${years.join(', ')}`),
  ]
  return {
    name: 'calendars',
    ok: unknown.length === 0 && !gaps.some(({ urgent }) => urgent),
    message: found.length === 0 ? `${codes.size} calendars, nothing is missing` : found.join('; '),
  }
}

/** Codes by which stages of any version, departments and the site choose a calendar. */
function namedCalendars(catalog: SitePipeline['catalog']): string[] {
  const { site, departments } = catalog.calendarChoice
  const ofStages = catalog
    .histories()
    .flatMap((history) => history.flatMap(({ definition }) => definition.stages.map(({ calendar }) => calendar)))
  const named = [...ofStages, ...Object.values(departments), site].filter((code) => code !== undefined)
  return [...new Set(named)].toSorted()
}
