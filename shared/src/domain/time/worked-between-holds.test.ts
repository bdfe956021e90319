import { expect, test } from 'vitest'
import { calendarOf } from './calendar-of.ts'
import { plantCalendar } from './testing/plant-calendar.ts'
import { workedBetweenHolds } from './worked-between-holds.ts'

const office = calendarOf(plantCalendar({}))

function workedHours(from: string, to: string, ...holds: readonly (readonly [string, string])[]): number {
  const spans = holds.map(([since, until]) => ({ from: Date.parse(since), to: Date.parse(until) }))
  return workedBetweenHolds(office, Date.parse(from), Date.parse(to), spans) / 3_600_000
}

const [monday, tuesday] = ['2026-06-01T08:00+08:00', '2026-06-02T17:00+08:00'] as const

test('a hold outside working hours takes nothing off', () => {
  expect(workedHours(monday, tuesday, ['2026-06-01T17:00+08:00', '2026-06-02T08:00+08:00'])).toBe(16)
})

test('a hold over a weekend takes off only the working hours that it covers', () => {
  const [friday, nextMonday] = ['2026-06-05T08:00+08:00', '2026-06-08T17:00+08:00'] as const
  expect(workedHours(friday, nextMonday, ['2026-06-05T16:00+08:00', '2026-06-08T09:00+08:00'])).toBe(14)
})

test('two holds that overlap take their common time off once', () => {
  const morning = ['2026-06-01T08:00+08:00', '2026-06-01T11:00+08:00'] as const
  const noon = ['2026-06-01T10:00+08:00', '2026-06-01T14:00+08:00'] as const
  expect(workedHours(monday, tuesday, morning, noon)).toBe(11)
  expect(workedHours(monday, tuesday, ['2026-06-01T08:00+08:00', '2026-06-01T16:00+08:00'], noon)).toBe(9)
})

test('holds before and after the time that is asked for do not matter', () => {
  const before = ['2026-05-01T08:00+08:00', '2026-06-01T09:00+08:00'] as const
  const after = ['2026-06-02T16:00+08:00', '2026-07-01T09:00+08:00'] as const
  expect(workedHours(monday, tuesday, before, after)).toBe(14)
  expect(workedHours(monday, tuesday, ['2026-05-01T08:00+08:00', '2026-05-02T08:00+08:00'])).toBe(16)
})
