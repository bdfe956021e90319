import { expect, test } from 'vitest'
import type { CalendarVersion } from './calendar-definition.ts'
import { chineseHolidays } from './chinese-holidays.ts'
import { missingHolidayYears } from './missing-holiday-years.ts'
import { plantCalendar } from './testing/plant-calendar.ts'

const publicDays = { holidays: chineseHolidays.days, holidayYears: chineseHolidays.years }

function missing(versions: readonly Partial<CalendarVersion>[], from: string, to: string): number[] {
  return missingHolidayYears(plantCalendar(...versions), Date.parse(from), Date.parse(to))
}

test('a year whose notice is not known is reported', () => {
  expect(missing([publicDays], '2026-06-01T00:00Z', '2028-02-01T00:00Z')).toEqual([2027, 2028])
  expect(missing([publicDays], '2021-06-01T00:00Z', '2024-06-01T00:00Z')).toEqual([2021, 2022])
})

test('within the known years nothing is missing', () => {
  expect(missing([publicDays], '2023-01-01T00:00+08:00', '2026-12-28T00:00+08:00')).toEqual([])
})

test('the last days of December need the list of the next year', () => {
  expect(missing([publicDays], '2026-12-01T00:00+08:00', '2026-12-29T00:00+08:00')).toEqual([])
  expect(missing([publicDays], '2026-12-01T00:00+08:00', '2026-12-29T00:01+08:00')).toEqual([2027])
})

test('a December day of the next list does not make its own year known', () => {
  expect(chineseHolidays.days[0]?.date).toBe('2022-12-31')
  expect(missing([publicDays], '2022-12-31T00:00+08:00', '2023-01-01T00:00+08:00')).toEqual([2022])
})

test('a calendar that follows no public list misses no year', () => {
  expect(missing([{}], '2020-01-01T00:00Z', '2030-01-01T00:00Z')).toEqual([])
})

test('each version answers for the time in which it is valid', () => {
  const versions = [{ holidayYears: [2024] }, { validFrom: '2025-01-01', holidayYears: [2024] }]
  expect(missing(versions, '2024-01-01T00:00+08:00', '2024-12-01T00:00+08:00')).toEqual([])
  expect(missing(versions, '2024-06-01T00:00+08:00', '2025-06-01T00:00+08:00')).toEqual([2025])
})

test('a version answers for no time in which another one is valid', () => {
  const versions = [{ holidayYears: [2024, 2025] }, { validFrom: '2025-03-01', holidayYears: [2024, 2025, 2026] }]
  expect(missing(versions, '2024-01-01T00:00+08:00', '2026-06-01T00:00+08:00')).toEqual([])
})

test('an empty range misses nothing', () => {
  expect(missing([publicDays], '2030-01-01T00:00Z', '2030-01-01T00:00Z')).toEqual([])
})
