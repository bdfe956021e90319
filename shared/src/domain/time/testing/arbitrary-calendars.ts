import * as fc from 'fast-check'
import type { CalendarDefinition, CalendarVersion, Holiday, Shift, WorkingWeek } from '../calendar-definition.ts'
import { dateOf, dayMs, epochDayOf, weekdays } from '../local-date.ts'

/** Zones, each with dates of unusual clock changes. */
const zones = {
  'Asia/Shanghai': ['2026-02-17'],
  'Europe/Berlin': ['2026-03-29', '2026-10-25'],
  'America/New_York': ['2026-03-08', '2026-11-01'],
  'America/Sao_Paulo': ['2018-11-04', '2019-02-17'], // Midnight itself is skipped, and occurs twice.
  'Australia/Lord_Howe': ['2026-04-05', '2026-10-04'], // By half an hour.
  'Asia/Kathmandu': ['2026-01-01'], // An offset of 5:45.
  'Pacific/Apia': ['2011-12-30', '2012-04-01'], // A day that never existed.
  UTC: ['2026-12-31'],
} as const

const minute = fc.constantFrom('00', '00', '15', '30', '59')
const hour = fc.integer({ min: 0, max: 23 }).map((h) => String(h).padStart(2, '0'))
const clockTime = fc.tuple(hour, minute).map(([h, m]) => `${h}:${m}`)

/** Overlapping shifts are intended here, because overlaps must count once. */
const shift: fc.Arbitrary<Shift> = fc.record({
  from: clockTime,
  to: fc.oneof({ weight: 5, arbitrary: clockTime }, { weight: 1, arbitrary: fc.constant('24:00') }),
})

const shiftsOfDay = fc.array(shift, { maxLength: 3 })
const week: fc.Arbitrary<WorkingWeek> = fc
  .record(Object.fromEntries(weekdays.map((day) => [day, shiftsOfDay])))
  .filter((given) => Object.values(given).some((shifts) => shifts.length > 0))

function holidaysNear(date: fc.Arbitrary<string>): fc.Arbitrary<Holiday[]> {
  const holiday = fc.record(
    { date, working: fc.boolean(), as: fc.constantFrom(...weekdays) },
    { requiredKeys: ['date', 'working'] },
  )
  return fc.uniqueArray(holiday, { selector: (entry) => entry.date, maxLength: 4 })
}

/** A calendar of one to three versions, and the epoch ms of a local date near which much of its definition applies. */
export const eventfulCalendar: fc.Arbitrary<{ definition: CalendarDefinition; near: number }> = fc
  .constantFrom(...Object.entries(zones))
  .chain(([timeZone, dates]) =>
    fc
      .oneof(
        fc.constantFrom<string>(...dates),
        fc.integer({ min: 13_000, max: 22_000 }).map((epochDay) => dateOf(epochDay)),
      )
      .chain((day) => {
        const dateNear = fc.integer({ min: -3, max: 3 }).map((days) => dateOf(epochDayOf(day) + days))
        const zone = fc.oneof(
          { weight: 4, arbitrary: fc.constant(timeZone) },
          { weight: 1, arbitrary: fc.constantFrom(...Object.keys(zones)) },
        )
        const version = fc.record({ timeZone: zone, week, holidays: holidaysNear(dateNear) })
        const starts = fc.uniqueArray(dateNear, { maxLength: 2 })
        return fc.tuple(fc.array(version, { minLength: 3, maxLength: 3 }), starts).map(([versions, validFrom]) => ({
          definition: calendarFrom(versions, validFrom.toSorted()),
          near: epochDayOf(day) * dayMs,
        }))
      }),
  )

function calendarFrom(versions: readonly CalendarVersion[], validFrom: readonly string[]): CalendarDefinition {
  const dated = versions.slice(0, validFrom.length + 1)
  return {
    code: 'any',
    name: { zh: '任意', en: 'Any' },
    versions: dated.map((version, i) => ({ ...version, ...(i > 0 && { validFrom: validFrom[i - 1] ?? '' }) })),
  }
}
