import { expect, test } from 'vitest'
import { chineseHolidays } from './chinese-holidays.ts'
import { epochDayOf, weekdayOf } from './local-date.ts'

const makeUpDays = chineseHolidays.days.filter(({ working }) => working).map(({ date }) => date)

test.for([
  [2023, 7],
  [2024, 8],
  [2025, 5],
  [2026, 6],
] as const)('%i has %i make-up working days', ([year, count]) => {
  expect(makeUpDays.filter((date) => date.startsWith(`${year}-`))).toHaveLength(count)
})

test('the make-up days of 2026 are those of the notice', () => {
  expect(makeUpDays.filter((date) => date > '2026')).toEqual([
    '2026-01-04',
    '2026-02-14',
    '2026-02-28',
    '2026-05-09',
    '2026-09-20',
    '2026-10-10',
  ])
})

test('every make-up day falls on a weekend', () => {
  expect(makeUpDays.filter((date) => weekdayOf(epochDayOf(date)) < 6)).toEqual([])
})

test('each date is listed once, by date', () => {
  const dates = chineseHolidays.days.map(({ date }) => date)
  expect(dates).toEqual([...new Set(dates)].toSorted())
})
