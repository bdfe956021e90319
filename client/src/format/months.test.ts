import { expect, it } from 'vitest'
import { addMonths, daysOfMonth } from './months.ts'

it('a month has all of its days, also in a leap year', () => {
  expect([daysOfMonth('2028-02').length, daysOfMonth('2026-02').length, daysOfMonth('2026-12').at(-1)]).toEqual([
    29,
    28,
    '2026-12-31',
  ])
})

it('months follow each other over the end of a year', () => {
  expect([addMonths('2026-12', 1), addMonths('2026-01', -1), addMonths('2026-05', 20)]).toEqual([
    '2027-01',
    '2025-12',
    '2028-01',
  ])
})
