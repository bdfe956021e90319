import { runToEnd } from '@stagewatch/shared/domain/run-to-end.ts'
import type { Holiday } from '@stagewatch/shared/domain/time/calendar-definition.ts'
import { dateOf } from '@stagewatch/shared/domain/time/local-date.ts'
import { calendarEvents, textOf } from './calendar-events.ts'
import { eventDays } from './event-days.ts'
import { HolidayGatherer } from './holiday-file.ts'
import { isMakeUpWork } from './make-up-work.ts'
import type { HolidayFile } from './holiday-file.ts'

const years = { first: 1970, last: 2099 }

/**
 * Holidays of an iCalendar file (RFC 5545): all-day events, either once or every year on the same date. Any other kind
 * of event makes the file invalid, because a missing holiday goes unnoticed until somebody is late.
 * @param throughYear last year into which yearly events are expanded.
 */
export function readIcalendar(text: string, throughYear: number): HolidayFile {
  return runToEnd(icalendarSteps(text, throughYear))
}

/** The same in steps of one event each, so that other work can run in between. */
export function* icalendarSteps(text: string, throughYear: number): Generator<void, HolidayFile> {
  const gatherer = new HolidayGatherer()
  const span = [years.first, Math.min(throughYear, years.last)] as const
  for (const event of calendarEvents(text, gatherer)) {
    if (gatherer.isRefused) break
    yield
    if (textOf(event, 'STATUS')?.toUpperCase() === 'CANCELLED') continue
    const working = isMakeUpWork(event)
    const name = textOf(event, 'SUMMARY') ?? ''
    for (const day of eventDays(event, span, gatherer)) {
      const date = dateOf(day)
      const year = Number(date.slice(0, 4))
      // An anniversary event may begin long before the first year, at the foundation of a state.
      if (year < years.first) continue
      const place = { line: event.line, field: 'DTSTART' }
      if (year > years.last) gatherer.reject(place, `${date} is later than ${years.last}`)
      else gatherer.add({ date, working, ...(name !== '' && { name }) }, place)
    }
  }
  return gatherer.toResults(coveredYears)
}

/** Days in December and January may belong to the list of the adjacent year, so they alone do not cover their year. */
function coveredYears(days: readonly Holiday[]): number[] {
  const within = days.filter(({ date }) => !['12', '01'].includes(date.slice(5, 7)))
  return [...new Set(within.map(({ date }) => Number(date.slice(0, 4))))]
}
