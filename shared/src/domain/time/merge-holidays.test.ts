import { expect, test } from 'vitest'
import type { LocalText } from '../local-text.ts'
import { chineseHolidays } from './chinese-holidays.ts'
import { mergeHolidays } from './merge-holidays.ts'
import { plantCalendar } from './testing/plant-calendar.ts'

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
