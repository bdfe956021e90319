import { describe, expect, it } from 'vitest'
import { durationToType, parseDuration } from './typed-duration.ts'

describe('a typed duration', () => {
  it.each([
    ['6h', 21_600_000],
    [' 6 H ', 21_600_000],
    ['30 min', 1_800_000],
    ['2d 4h', 187_200_000],
    ['2 天', 172_800_000],
    ['2天4小时', 187_200_000],
    ['1.5 h', 5_400_000],
    ['1,5h', 5_400_000],
    ['８小时', 28_800_000],
    ['90 秒', 90_000],
    ['1 day 30 minutes', 88_200_000],
  ])('%s', (text, ms) => {
    expect(parseDuration(text)).toEqual({ ms })
  })

  it.each([
    ['', 'empty'],
    ['8', 'noUnit'],
    ['8 bells', 'unclear'],
    ['h', 'unclear'],
    ['-3h', 'unclear'],
    ['6h and 2', 'unclear'],
    ['0h', 'zero'],
    ['0.2 s', 'zero'],
    ['90000h', 'tooLong'],
    ['3 constructor', 'unclear'],
  ])('%s is told to be %s', (text, problem) => {
    expect(parseDuration(text)).toEqual({ problem })
  })
})

describe('a duration that is shown to be typed', () => {
  const shown = (ms: number, inDays = false) =>
    durationToType(ms, { inDays })
      .map(({ value, unit }) => value + unit)
      .join(' ')

  it.each([
    [21_600_000, '6h'],
    [1_800_000, '30m'],
    [5_400_000, '1h 30m'],
    [259_200_000, '72h'],
    [90_500, '1m 30.5s'],
  ])('%i ms is %s', (ms, text) => {
    expect(shown(ms)).toBe(text)
  })

  it('has days where a day has 24 hours', () => {
    expect(shown(187_200_000, true)).toBe('2d 4h')
  })

  it.each([1, 59, 60, 61, 3_600, 3_661, 86_399, 86_400, 90_061, 604_800, 31_536_001])(
    'of %i seconds is the same again when it is typed as it is shown',
    (seconds) => {
      for (const inDays of [true, false]) {
        expect(parseDuration(shown(seconds * 1_000, inDays))).toEqual({ ms: seconds * 1_000 })
      }
    },
  )
})
