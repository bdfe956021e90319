import { expect, test } from 'vitest'
import { alwaysOpenDefinition } from '../domain/time/calendar-definition.ts'
import { chineseHolidays } from '../domain/time/chinese-holidays.ts'
import { officeWeek, plantCalendar } from '../domain/time/testing/plant-calendar.ts'
import { calendarDefinition } from './calendar.ts'
import { fieldIssues } from './issue-texts.ts'

function problems(given: unknown): string[] {
  const { error } = calendarDefinition.safeParse(JSON.parse(JSON.stringify(given)))
  return error === undefined ? [] : fieldIssues(error).map(({ field, message }) => `${field}: ${message}`)
}

test('a calendar with public holidays is accepted as it is', () => {
  const definition = plantCalendar({ holidays: chineseHolidays.days, holidayYears: chineseHolidays.years })
  expect(calendarDefinition.parse(JSON.parse(JSON.stringify(definition)))).toEqual(definition)
  expect(problems(alwaysOpenDefinition)).toEqual([])
})

test.for([
  [{ week: {} }, 'versions.0.week: has no working time at all'],
  [{ week: { 1: [] } }, 'versions.0.week: has no working time at all'],
  [{ week: { ...officeWeek, 8: [] } }, 'versions.0.week.8: is not known here; leave it out'],
  [{ timeZone: 'Asia/Shanghia' }, 'versions.0.timeZone: must be an IANA time zone such as Asia/Shanghai'],
  [{ timeZone: '+08:00' }, 'versions.0.timeZone: must be an IANA time zone such as Asia/Shanghai'],
  [{ week: { 1: [{ from: '24:00', to: '06:00' }] } }, 'versions.0.week.1.0.from: must be a time of day such as 08:30'],
  [{ week: { 1: [{ from: '08:00', to: '24:30' }] } }, 'versions.0.week.1.0.to: must be a time of day up to 24:00'],
  [
    { holidays: [{ date: '2026-02-29', working: false }] },
    'versions.0.holidays.0.date: must be a date such as 2026-10-01',
  ],
  [
    { holidays: [false, true].map((working) => ({ date: '2026-10-01', working })) },
    'versions.0.holidays.1.date: is listed twice',
  ],
  [
    { holidays: [{ date: '2026-10-10', working: true, as: 7 }] },
    'versions.0.holidays.0.as: names a weekday without shifts',
  ],
] as const)('%j is refused: %s', ([version, problem]) => {
  const [complete] = plantCalendar({}).versions
  expect(problems({ ...plantCalendar({}), versions: [{ ...complete, ...version }] })).toEqual([problem])
})

test('shifts that overlap are refused, also around midnight and over the weekend', () => {
  const weeks = [
    {
      1: [
        { from: '08:00', to: '12:30' },
        { from: '12:00', to: '17:00' },
      ],
    },
    { 1: [{ from: '22:00', to: '06:00' }], 2: [{ from: '05:00', to: '13:00' }] },
    { 1: [{ from: '05:00', to: '13:00' }], 7: [{ from: '22:00', to: '06:00' }] },
  ]
  expect(weeks.flatMap((week) => problems(plantCalendar({ week })))).toEqual([
    'versions.0.week.1.1: overlaps shift 1 of weekday 1; begin it where that one ends',
    'versions.0.week.2.0: overlaps shift 1 of weekday 1; begin it where that one ends',
    'versions.0.week.1.0: overlaps shift 1 of weekday 7; begin it where that one ends',
  ])
})

test('shifts that meet do not overlap', () => {
  const week = { 1: [{ from: '22:00', to: '06:00' }], 2: [{ from: '06:00', to: '06:00' }] }
  expect(problems(plantCalendar({ week }))).toEqual([])
})

test('the first version is valid from the beginning, the others by date', () => {
  expect(problems(plantCalendar())).not.toEqual([])
  expect(problems(plantCalendar({ validFrom: '2026-01-01' }))).toEqual([
    'versions.0.validFrom: the first version must be valid from the beginning, without a date',
  ])
  expect(problems(plantCalendar({}, {}))).toEqual(['versions.1.validFrom: must be after that of the version before'])
  expect(problems(plantCalendar({}, { validFrom: '2026-01-01' }, { validFrom: '2026-01-01' }))).toEqual([
    'versions.2.validFrom: must be after that of the version before',
  ])
})
