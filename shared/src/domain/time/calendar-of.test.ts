import { expect, test } from 'vitest'
import { alwaysOpen } from './always-open.ts'
import { alwaysOpenDefinition } from './calendar-definition.ts'
import type { CalendarVersion } from './calendar-definition.ts'
import { calendarOf } from './calendar-of.ts'
import { chineseHolidays } from './chinese-holidays.ts'
import { officeWeek, plantCalendar, weekOf } from './testing/plant-calendar.ts'

const hourMs = 3_600_000

function calendar(...versions: readonly Partial<CalendarVersion>[]) {
  const opened = calendarOf(plantCalendar(...versions))
  return {
    hours: (from: string, to: string) => opened.workingMs(Date.parse(from), Date.parse(to)) / hourMs,
    after: (from: string, hours: number) => textOf(opened.instantAfter(Date.parse(from), hours * hourMs)),
    days: (hours: number, at: string) => (hours * hourMs) / opened.standardDayMs(Date.parse(at)),
    nextStart: (at: string) => textOf(opened.nextStart(Date.parse(at))),
    nextEnd: (at: string) => textOf(opened.nextEnd(Date.parse(at))),
    isWorking: (at: string) => opened.isWorking(Date.parse(at)),
  }
}

function textOf(at: number | undefined): string | undefined {
  return at === undefined ? undefined : new Date(at).toISOString().replace('.000', '')
}

const office = calendar({})
const publicOffice = calendar({ holidays: chineseHolidays.days })
const newYork = calendar({ timeZone: 'America/New_York' })
const nightShift = weekOf([{ from: '22:00', to: '06:00' }])

test('32 working hours are 4 working days, not 1.33', () => {
  expect(office.hours('2026-06-01T08:00+08:00', '2026-06-04T17:00+08:00')).toBe(32)
  expect(office.days(32, '2026-06-04T17:00+08:00')).toBe(4)
})

test('a working day is as long as the version that is valid on it says', () => {
  const shortened = calendar({}, { validFrom: '2026-06-01', week: weekOf([{ from: '09:00', to: '15:00' }]) })
  expect(shortened.days(24, '2026-05-31T23:59+08:00')).toBe(3)
  expect(shortened.days(24, '2026-06-01T00:00+08:00')).toBe(4)
})

test('half a Saturday does not change what a working day is', () => {
  const sixDays = calendar({ week: { ...officeWeek, 6: [{ from: '08:00', to: '12:00' }] } })
  expect(sixDays.days(32, '2026-06-01T00:00+08:00')).toBe(4)
})

test('the calendar that is given is the one that counts', () => {
  const [from, to] = ['2026-09-30T08:00+08:00', '2026-10-12T08:00+08:00'] as const
  expect(office.hours(from, to)).toBe(64)
  expect(publicOffice.hours(from, to)).toBe(32)
})

test('a make-up Saturday works, and a make-up Sunday, too', () => {
  expect(publicOffice.hours('2026-10-10T00:00+08:00', '2026-10-11T00:00+08:00')).toBe(8)
  expect(publicOffice.hours('2026-09-20T00:00+08:00', '2026-09-21T00:00+08:00')).toBe(8)
  expect(publicOffice.after('2026-10-09T16:00+08:00', 2)).toBe('2026-10-10T01:00:00Z')
})

test.for(['2026-01-04', '2026-02-14', '2026-02-28', '2026-05-09', '2026-09-20', '2026-10-10'])(
  'on %s people work for a holiday, and the weekend has its other day',
  (date) => {
    const day = (calendarToAsk: typeof office) => calendarToAsk.hours(`${date}T00:00+08:00`, `${date}T24:00+08:00`)
    expect(day(publicOffice)).toBe(8)
    expect(day(office)).toBe(0)
  },
)

test('a make-up day works as the weekday that it stands for', () => {
  const friday = [{ from: '08:00', to: '11:00' }]
  const makeUp = calendar({
    week: { ...officeWeek, 5: friday },
    holidays: [
      { date: '2026-10-10', working: true, as: 5 },
      { date: '2026-10-11', working: true },
    ],
  })
  expect(makeUp.hours('2026-10-10T00:00+08:00', '2026-10-11T00:00+08:00')).toBe(3)
  expect(makeUp.hours('2026-10-11T00:00+08:00', '2026-10-12T00:00+08:00')).toBe(8)
})

test('a make-up day has the shifts of the first working weekday where nobody works on Mondays', () => {
  const closedOnMondays = calendar({
    week: { 2: [{ from: '10:00', to: '16:00' }] },
    holidays: [{ date: '2026-10-10', working: true }],
  })
  expect(closedOnMondays.hours('2026-10-10T00:00+08:00', '2026-10-11T00:00+08:00')).toBe(6)
})

test('a December day that stands in the notice of the next year is free', () => {
  expect(publicOffice.hours('2022-12-30T08:00+08:00', '2023-01-03T08:00+08:00')).toBe(8)
  expect(chineseHolidays.days[0]).toMatchObject({ date: '2022-12-31', working: false })
})

test('the lunch break does not count', () => {
  expect(office.hours('2026-06-01T11:30+08:00', '2026-06-01T13:30+08:00')).toBe(1)
})

test('an order that arrives by night starts its clock in the morning', () => {
  expect(office.hours('2026-06-01T22:00+08:00', '2026-06-02T09:00+08:00')).toBe(1)
  expect(office.after('2026-06-01T22:00+08:00', 8)).toBe('2026-06-02T09:00:00Z')
})

test('a limit that would end on Saturday at midnight ends on a working day', () => {
  expect(office.after('2026-06-05T16:00+08:00', 8)).toBe('2026-06-08T08:00:00Z')
})

test('a limit that is reached when work ends is due then, not on the next morning', () => {
  expect(office.after('2026-06-05T08:00+08:00', 8)).toBe('2026-06-05T09:00:00Z')
})

test('work that stops says until when', () => {
  expect(office.nextStart('2026-06-01T12:00+08:00')).toBe('2026-06-01T05:00:00Z')
  expect(office.nextStart('2026-06-05T17:00+08:00')).toBe('2026-06-08T00:00:00Z')
  expect(publicOffice.nextStart('2026-09-30T20:00+08:00')).toBe('2026-10-08T00:00:00Z')
})

test('while work goes on, the next end is that of this shift and the next start that of the following', () => {
  expect(office.nextEnd('2026-06-01T08:00+08:00')).toBe('2026-06-01T04:00:00Z')
  expect(office.nextStart('2026-06-01T08:00+08:00')).toBe('2026-06-01T05:00:00Z')
  expect(office.nextEnd('2026-06-01T12:00+08:00')).toBe('2026-06-01T09:00:00Z')
})

test('the zone is part of the calendar', () => {
  const [from, to] = ['2026-06-01T00:00Z', '2026-06-01T12:00Z'] as const
  expect(office.hours(from, to)).toBe(8)
  expect(newYork.hours(from, to)).toBe(0)
})

test('office hours follow the clocks when summer time begins and ends', () => {
  expect(newYork.after('2026-03-06T08:00-05:00', 8 + 1)).toBe('2026-03-09T13:00:00Z')
  expect(newYork.after('2026-10-30T08:00-04:00', 8 + 1)).toBe('2026-11-02T14:00:00Z')
})

test('a night shift is an hour shorter when the clocks go forward, and an hour longer when they go back', () => {
  const berlin = calendar({ timeZone: 'Europe/Berlin', week: { 6: [{ from: '22:00', to: '06:00' }] } })
  expect(berlin.hours('2026-03-28T12:00Z', '2026-03-29T12:00Z')).toBe(7)
  expect(berlin.hours('2026-10-24T12:00Z', '2026-10-25T12:00Z')).toBe(9)
})

test('a shift that begins at a time that the clocks skip begins with the change', () => {
  const berlin = calendar({ timeZone: 'Europe/Berlin', week: { 7: [{ from: '02:30', to: '06:00' }] } })
  expect(berlin.nextStart('2026-03-29T00:00Z')).toBe('2026-03-29T01:00:00Z')
})

test('a shift between two times that come twice lasts as long as it says', () => {
  const berlin = calendar({ timeZone: 'Europe/Berlin', week: { 7: [{ from: '02:00', to: '02:30' }] } })
  expect(berlin.hours('2026-10-25T00:00Z', '2026-10-25T12:00Z')).toBe(0.5)
})

test('nobody works on a day that a zone leaves out', () => {
  const apia = calendar({ timeZone: 'Pacific/Apia' })
  // Thursday 29 December 2011 is followed by Saturday the 31st.
  expect(apia.hours('2011-12-29T00:00-10:00', '2012-01-02T00:00+14:00')).toBe(8)
})

test('a shift belongs to the day on which it begins', () => {
  const nights = calendar({ week: nightShift, holidays: [{ date: '2026-06-03', working: false }] })
  expect(nights.hours('2026-06-03T00:00+08:00', '2026-06-04T22:00+08:00')).toBe(6)
  const later = calendar({ week: nightShift }, { validFrom: '2026-06-03', week: officeWeek })
  expect(later.hours('2026-06-02T22:00+08:00', '2026-06-03T09:00+08:00')).toBe(9)
})

test('a night shift that runs into a make-up day counts once', () => {
  const nights = calendar({
    week: { ...nightShift, 1: [{ from: '04:00', to: '12:00' }] },
    holidays: [{ date: '2026-06-06', working: true }],
  })
  expect(nights.hours('2026-06-05T22:00+08:00', '2026-06-06T12:00+08:00')).toBe(14)
})

test('new hours apply from their date on, in the middle of a week, and leave the past as it was', () => {
  const changed = calendar({}, { validFrom: '2026-06-03', week: weekOf([{ from: '06:00', to: '18:00' }]) })
  expect(changed.hours('2026-06-01T00:00+08:00', '2026-06-03T00:00+08:00')).toBe(16)
  expect(changed.hours('2026-06-03T00:00+08:00', '2026-06-05T00:00+08:00')).toBe(24)
})

test('a plant that never closes loses no minute at midnight', () => {
  const week = alwaysOpenDefinition.versions[0]!.week
  const compiled = calendar({ week, holidays: [{ date: '2020-01-01', working: false }] })
  expect(compiled.hours('2026-06-01T00:00Z', '2026-06-08T00:00Z')).toBe(7 * 24)
  expect(compiled.nextEnd('2026-06-01T00:00Z')).toBeUndefined()
})

test('a calendar that never closes is plain subtraction', () => {
  expect(calendarOf(alwaysOpenDefinition).neverCloses).toBe(true)
  expect(calendarOf(plantCalendar({ week: weekOf([{ from: '00:00', to: '24:00' }]) })).neverCloses).toBe(false)
  expect(alwaysOpen.workingMs(5, 12)).toBe(7)
  expect(alwaysOpen.workingMs(12, 5)).toBe(0)
  expect(alwaysOpen.instantAfter(5, 7)).toBe(12)
})

test('a promise for the year 9999 costs as little as one for 2100', () => {
  expect(office.hours('2099-01-01T00:00Z', '9999-12-31T00:00Z')).toBe(
    office.hours('2099-01-01T00:00Z', '2100-01-01T00:00Z'),
  )
  expect(office.after('2099-12-31T00:00Z', 10_000)).toBeUndefined()
  expect(office.isWorking('9999-12-31T02:00Z')).toBe(false)
  expect(office.nextStart('9999-12-31T02:00Z')).toBeUndefined()
})
