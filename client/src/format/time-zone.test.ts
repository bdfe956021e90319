import { expect, it } from 'vitest'
import { offsetIn, offsetName, addDays, dateIn, startOfDate } from './time-zone.ts'

const winter = Date.parse('2026-01-15T12:00:00.500Z')
const summer = Date.parse('2026-07-15T12:00:00Z')

it.each([
  [winter, 'Asia/Shanghai', 'UTC+8'],
  [winter, 'Europe/Berlin', 'UTC+1'],
  [summer, 'Europe/Berlin', 'UTC+2'],
  [winter, 'America/St_Johns', 'UTC−3:30'],
  [winter, 'Asia/Kathmandu', 'UTC+5:45'],
  [winter, 'Europe/London', 'UTC'],
])('at %s the clocks of %s are at %s', (at, zone, name) => {
  expect(offsetName(offsetIn(at, zone))).toBe(name)
})

it.each([
  ['2026-11-26', 'Asia/Shanghai', '2026-11-25T16:00:00.000Z'],
  ['2026-11-26', 'America/New_York', '2026-11-26T05:00:00.000Z'],
  // The clocks go forward or back within these days.
  ['2026-03-29', 'Europe/Berlin', '2026-03-28T23:00:00.000Z'],
  ['2026-03-30', 'Europe/Berlin', '2026-03-29T22:00:00.000Z'],
  ['2026-10-25', 'Europe/Berlin', '2026-10-24T22:00:00.000Z'],
  ['2026-10-26', 'Europe/Berlin', '2026-10-25T23:00:00.000Z'],
  // Midnight is skipped here.
  ['2026-03-29', 'Asia/Beirut', '2026-03-28T22:00:00.000Z'],
])('%s begins in %s at %s', (date, zone, at) => {
  expect(new Date(startOfDate(date, zone)).toISOString()).toBe(at)
  expect(dateIn(startOfDate(date, zone), zone)).toBe(date)
})

it('counts days over the ends of months and years', () => {
  expect([addDays('2026-12-31', 1), addDays('2026-03-01', -1), addDays('2028-02-28', 1)]).toEqual([
    '2027-01-01',
    '2026-02-28',
    '2028-02-29',
  ])
})
