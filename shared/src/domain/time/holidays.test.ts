import { expect, test } from 'vitest'
import type { LocalText } from '../local-text.ts'
import { chineseHolidays } from './chinese-holidays.ts'
import { mergeHolidays, missingHolidayYears } from './holidays.ts'
import { plantCalendar } from './testing/plant-calendar.ts'
import type { CalendarVersion } from './calendar-definition.ts'

const off = { date: '2026-10-01', working: false }
const list = { days: [off, { date: '2026-10-10', working: true }], years: [2026] }

test('days are added by date and the list is known from then on', () => {
  const { definition, added, replaced } = mergeHolidays(plantCalendar({ holidays: [], holidayYears: [2025] }), list)
  expect(definition.versions[0]).toMatchObject({ holidays: list.days, holidayYears: [2025, 2026] })
  expect(added).toEqual(list.days)
  expect(replaced).toEqual([])
})

test('the later list wins, and says what it replaced', () => {
  const correction = { days: [{ date: '2026-10-10', working: false }], years: [2026] }
  const merged = mergeHolidays(mergeHolidays(plantCalendar({}), list).definition, correction)
  expect(merged.definition.versions[0]?.holidays).toEqual([off, correction.days[0]])
  expect(merged.added).toEqual([])
  expect(merged.replaced).toEqual([{ before: list.days[1], after: correction.days[0] }])
})

test('the same list again changes nothing', () => {
  const once = mergeHolidays(plantCalendar({}), chineseHolidays)
  expect(mergeHolidays(once.definition, chineseHolidays)).toEqual({
    definition: once.definition,
    added: [],
    replaced: [],
  })
})

test('the languages of a name may come in any order', () => {
  const named = (name: LocalText) => ({ days: [{ ...off, name }], years: [2026] })
  const once = mergeHolidays(plantCalendar({}), named({ zh: '国庆节', en: 'National Day' })).definition
  expect(mergeHolidays(once, named({ en: 'National Day', zh: '国庆节' })).replaced).toEqual([])
  expect(mergeHolidays(once, named({ en: 'National Holiday', zh: '国庆节' })).replaced).toHaveLength(1)
})

test('each day goes to the version that is valid on it', () => {
  const { definition } = mergeHolidays(plantCalendar({}, { validFrom: '2026-10-05' }), list)
  expect(definition.versions.map(({ holidays }) => holidays)).toEqual([[off], [list.days[1]]])
})

test('the years of a calendar and of a list that is merged are each named once, in order', () => {
  const { definition } = mergeHolidays(plantCalendar({ holidayYears: [2024, 2027] }), { days: [], years: [2025, 2024] })
  expect(definition.versions[0]?.holidayYears).toEqual([2024, 2025, 2027])
})

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
