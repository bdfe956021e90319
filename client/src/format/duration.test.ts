import { describe, expect, it } from 'vitest'
import { durationParts, stopwatch } from './duration.ts'

const minute = 60_000
const hour = 60 * minute
const text = (ms: number) =>
  durationParts(ms, 'en')
    .map(({ value, unit }) => value + unit)
    .join(' ')

describe('a duration', () => {
  it('below an hour is in full minutes', () => {
    expect(text(0)).toBe('0m')
    expect(text(35 * minute + 59_999)).toBe('35m')
    expect(text(hour - 1)).toBe('59m')
  })

  it('up to a hundred hours has hours and two-digit minutes', () => {
    expect(text(hour)).toBe('1h 00m')
    expect(text(22 * hour + 5 * minute)).toBe('22h 05m')
    expect(text(31 * hour + 20 * minute)).toBe('31h 20m')
    expect(text(100 * hour)).toBe('100h 00m')
  })

  it('beyond that is in days, without a decimal from a hundred on', () => {
    expect(text(100 * hour + 1)).toBe('4.2d')
    expect(text(24 * 395.6 * hour)).toBe('395d')
    expect(text(24 * 5891 * hour)).toBe('5,891d')
  })

  it('is never negative', () => {
    expect(text(-5 * hour)).toBe('0m')
  })
})

describe('a stopwatch', () => {
  it('pads what follows the first figure', () => {
    expect(stopwatch(7_900)).toBe('0:07')
    expect(stopwatch(3 * minute + 42_000)).toBe('3:42')
    expect(stopwatch(hour + 3 * minute + 4_000)).toBe('1:03:04')
  })
})
