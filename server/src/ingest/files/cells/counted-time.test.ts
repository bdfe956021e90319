import { expect, test } from 'vitest'
import { clockOfDayNumber, dayDecimals, readCountedTime } from './counted-time.ts'

const secondMs = 1_000
const hourMs = 3_600_000
const dayMs = 24 * hourMs
const day = Date.UTC(2026, 10, 3)

test.for([
  ['1793685900', 'epoch s', 1_793_685_900_000],
  ['1793685900.123', 'epoch s', 1_793_685_900_123],
  ['1793685900,5', 'epoch s', 1_793_685_900_500],
  ['1793685900123', 'epoch ms', 1_793_685_900_123],
  ['1793685900123.9', 'epoch ms', 1_793_685_900_123],
  ['1793685900123999', 'epoch µs', 1_793_685_900_123],
  ['1793685900123900000', 'epoch ns', 1_793_685_900_123],
] as const)('%s is counted from 1970: %s', ([text, shape, at]) => {
  expect(readCountedTime(text)).toEqual({ shape, at, written: undefined })
})

test.for([
  ['20261103', undefined],
  ['202611031405', 14 * hourMs + 300 * secondMs],
  ['20261103140506', 14 * hourMs + 306 * secondMs],
  ['20261103140506.25', 14 * hourMs + 306 * secondMs + 250],
  ['20261103140506123', 14 * hourMs + 306 * secondMs + 123],
] as const)('%s is a date of digits', ([text, clockMs]) => {
  expect(readCountedTime(text)).toEqual({
    shape: 'digits only',
    at: undefined,
    written: { day, clockMs, offsetMs: undefined },
  })
})

test.for([
  '1234',
  '123456',
  '17936859001',
  '20261103.5',
  '20261303',
  '20261131',
  '202611032505',
  '202611031460',
  '09999',
  '1.793.685.900',
  '1793685900.',
  '-1793685900',
  '179368590012345',
  '179368590012345678',
])('%s is no time', (text) => {
  expect(readCountedTime(text)).toBeUndefined()
})

test.for([
  ['10000', Date.UTC(1927, 4, 18), undefined],
  ['25569', 0, undefined],
  ['46329', day, undefined],
  ['46329.0', day, 0],
  ['46329.5', day, 12 * hourMs],
  ['46329,3333', day, 8 * hourMs],
  ['46329.33333333', day, 8 * hourMs],
  ['99999', 74_430 * dayMs, undefined],
  // A second is 0.0000115740...
  ['46329.0000115741', day, secondMs],
  // Exactly 1.5 s: no whole second is meant.
  ['46329.0000173611', day, 1_500],
] as const)('%s is a day number of Excel', ([text, start, clockMs]) => {
  expect(readCountedTime(text)).toEqual({
    shape: 'Excel day number (1900 system)',
    at: undefined,
    written: { day: start, clockMs, offsetMs: undefined },
  })
})

test.for([
  ['46329.5', 1],
  ['46329,3333', 4],
] as const)('the day number %s has %d decimals', ([text, decimals]) => {
  expect(dayDecimals(text)).toBe(decimals)
})

test('the decimals of a column say how exact a time is', () => {
  expect(clockOfDayNumber('46329', 8)).toBeUndefined()
  // 15:57:36, or a minute that is nearly the same.
  expect(clockOfDayNumber('46329.665', 8)).toBe(57_456 * secondMs)
  expect(clockOfDayNumber('46329.665', 3)).toBe(57_480 * secondMs)
  expect(clockOfDayNumber('46329,665', 0)).toBe(57_480 * secondMs)
  // 0.3 is 7:12; 0.30001 is 0.864 s later, which five decimals tell apart.
  expect(clockOfDayNumber('46329.30001', 5)).toBe((7 * 3600 + 720 + 1) * secondMs)
})
