import { expect, test } from 'vitest'
import { clockMs, dayStartMs, fullYear } from './civil-time.ts'

test('days begin where the calendar of the runtime has them begin, leap years or not', () => {
  for (const year of [1, 1600, 1899, 1900, 1904, 1969, 1970, 1999, 2000, 2023, 2024, 2100, 2400, 9999]) {
    for (let month = 1; month <= 12; month++) {
      for (let day = 0; day <= 32; day++) {
        const date = new Date(0)
        date.setUTCFullYear(year, month - 1, day)
        const exists = date.getUTCMonth() === month - 1
        expect([year, month, day, dayStartMs(year, month, day)]).toEqual([
          year,
          month,
          day,
          exists ? date.getTime() : undefined,
        ])
      }
    }
  }
})

test('there is no month before the first and after the twelfth', () => {
  expect([dayStartMs(2026, 0, 1), dayStartMs(2026, 13, 1)]).toEqual([undefined, undefined])
})

const hourMs = 3_600_000
test.for([
  [[0, 0], 0],
  [[23, 59, 59, '999'], 24 * hourMs - 1],
  [[24, 0], 24 * hourMs],
  [[24, 0, 0, '0004'], 24 * hourMs],
  [[24, 0, 0, '001'], undefined],
  [[24, 0, 1], undefined],
  [[24, 1], undefined],
  [[25, 0], undefined],
  [[8, 59], hourMs * 9 - 60_000],
  [[8, 60], undefined],
  [[8, 0, 60], hourMs * 8 + 60_000],
  [[8, 0, 61], undefined],
  [[8, 0, 0, '5'], hourMs * 8 + 500],
  [[8, 0, 0, '1239'], hourMs * 8 + 123],
] as const)('the time of day %j is %s ms after midnight', ([[hour, minute, second, fraction], ms]) => {
  expect(clockMs(hour, minute, second, fraction)).toBe(ms)
})

test.for([
  ['00', 2000],
  ['69', 2069],
  ['70', 1970],
  ['99', 1999],
  ['070', 70],
  ['2026', 2026],
] as const)('the year %s is %d', ([text, year]) => {
  expect(fullYear(text)).toBe(year)
})
