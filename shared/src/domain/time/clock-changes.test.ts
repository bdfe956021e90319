import { afterEach, describe, expect, test, vi } from 'vitest'
import { calendarOf } from './calendar-of.ts'
import type { CalendarVersion } from './calendar-definition.ts'
import { chineseHolidays } from './chinese-holidays.ts'
import { versionStart } from './compile-calendar.ts'
import { dayMs } from './local-date.ts'
import { plantCalendar, weekOf } from './testing/plant-calendar.ts'
import { firstInstantOf, zoneOffsets } from './zone-offsets.ts'

const hourMs = 3_600_000

function opened(version: Partial<CalendarVersion>) {
  const calendar = calendarOf(plantCalendar(version))
  return {
    hours: (from: number, to: number) => calendar.workingMs(from, to) / hourMs,
    after: (from: string, hours: number) => {
      const at = calendar.instantAfter(Date.parse(from), hours * hourMs)
      return at === undefined ? undefined : new Date(at).toISOString()
    },
  }
}

/** In 2026: zone, Sunday of the change, number of hours on that day. */
const changes = [
  ['America/New_York', '2026-03-08', 23],
  ['America/New_York', '2026-11-01', 25],
  ['Europe/Berlin', '2026-03-29', 23],
  ['Europe/Berlin', '2026-10-25', 25],
  ['Australia/Sydney', '2026-04-05', 25],
  ['Australia/Sydney', '2026-10-04', 23],
] as const

describe.for(changes)('in %s, on %s', ([timeZone, sunday, dayHours]) => {
  const noon = Date.parse(`${sunday}T12:00Z`)
  const around = (version: Partial<CalendarVersion>) =>
    opened({ timeZone, ...version }).hours(noon - 2 * dayMs, noon + 2 * dayMs)

  test('the whole day has the hours that the clocks give it', () => {
    expect(around({ week: { 7: [{ from: '00:00', to: '24:00' }] } })).toBe(dayHours)
  })

  test('the shift over midnight is as much shorter or longer', () => {
    expect(around({ week: { 6: [{ from: '22:00', to: '06:00' }] } })).toBe(8 + dayHours - 24)
  })

  test('the day after is as long as ever', () => {
    expect(around({ week: { 1: [{ from: '00:00', to: '24:00' }] } })).toBe(24)
  })

  test('three shifts around the clock lose and double nothing', () => {
    const day = ['06:00', '14:00', '22:00'].map((from, i, all) => ({ from, to: all[(i + 1) % 3] ?? from }))
    const week = { ...weekOf(day), 6: day, 7: day }
    expect(around({ week, holidays: [{ date: '2020-01-01', working: false }] })).toBe(4 * 24)
  })
})

test('a limit over the night of the change ends by the clock on the wall', () => {
  const nights = { timeZone: 'America/New_York', week: { 6: [{ from: '22:00', to: '06:00' }] } }
  expect(opened(nights).after('2026-03-07T20:00-05:00', 7)).toBe('2026-03-08T10:00:00.000Z')
  expect(opened(nights).after('2026-10-31T20:00-04:00', 9)).toBe('2026-11-01T11:00:00.000Z')
})

test('a day whose midnight the clocks skip begins an hour later', () => {
  const sundays = opened({ timeZone: 'America/Santiago', week: { 7: [{ from: '00:00', to: '12:00' }] } })
  expect(sundays.hours(Date.parse('2026-09-05T12:00Z'), Date.parse('2026-09-07T12:00Z'))).toBe(11)
})

describe('the zone of the calendar counts', () => {
  afterEach(() => {
    vi.unstubAllEnvs()
  })

  test.for(['UTC', 'America/New_York', 'Asia/Shanghai', 'Pacific/Auckland'])('on a machine in %s', (zone) => {
    vi.stubEnv('TZ', zone)
    const local = new Intl.DateTimeFormat('en', { timeZone: zone, hour: 'numeric', hourCycle: 'h23' })
    expect(new Date(noon).getHours()).toBe(Number(local.format(noon)))
    const shanghai = opened({ holidays: chineseHolidays.days })
    expect(shanghai.after('2026-10-09T16:00+08:00', 2)).toBe('2026-10-10T01:00:00.000Z')
    const berlin = opened({ timeZone: 'Europe/Berlin', week: { 7: [{ from: '00:00', to: '24:00' }] } })
    expect(berlin.hours(noon - 2 * dayMs, noon + 2 * dayMs)).toBe(23)
  })

  const noon = Date.parse('2026-03-29T12:00Z')
})

test('a time at which the clocks are set back is first shown when they come to it again', () => {
  // At 03:00 in Berlin the clocks go back to 02:00.
  const around = zoneOffsets('Europe/Berlin', Date.UTC(2026, 9, 23), Date.UTC(2026, 9, 27))
  const first = (hour: number, minute = 0) => firstInstantOf(around, Date.UTC(2026, 9, 25, hour, minute))
  expect(first(2, 59)).toBe(Date.UTC(2026, 9, 25, 0, 59))
  expect(first(3)).toBe(Date.UTC(2026, 9, 25, 2))
  expect(first(3, 1)).toBe(Date.UTC(2026, 9, 25, 2, 1))
})

test.each([
  ['at its midnight', 'Europe/Berlin', '2026-03-29', '2026-03-28T23:00Z'],
  ['at its first instant, where the clocks skip midnight', 'Asia/Beirut', '2026-03-29', '2026-03-28T22:00Z'],
  ['at its midnight a day after that', 'Asia/Beirut', '2026-03-30', '2026-03-29T21:00Z'],
])('a version of a calendar begins %s: %s, %s', (_, timeZone, validFrom, instant) => {
  expect(new Date(versionStart({ timeZone, validFrom })).toISOString()).toBe(new Date(instant).toISOString())
})
