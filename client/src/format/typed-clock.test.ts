import { describe, expect, it } from 'vitest'
import { editedText, parseTyped, shownText } from './typed-clock.ts'

describe('a typed time', () => {
  it.each([
    ['date', '2026-11-28', '2026-11-28'],
    ['date', '2026/1/8', '2026-01-08'],
    ['date', '20261128', '2026-11-28'],
    ['date', '2026年11月28日', '2026-11-28'],
    ['date', ' ２０２６－１１－２８ ', '2026-11-28'],
    ['time', '8:05', '08:05'],
    ['time', '0805', '08:05'],
    ['time', '805', '08:05'],
    ['time', '23：59', '23:59'],
    ['time', '14时30分', '14:30'],
    ['time', '14:30:59', '14:30:59'],
    ['datetime', '2026-11-28 14:30', '2026-11-28T14:30'],
    ['datetime', '2026-11-28T14:30', '2026-11-28T14:30'],
    ['datetime', '202611281430', '2026-11-28T14:30'],
    ['datetime', '2026年11月28日 14:30', '2026-11-28T14:30'],
    ['datetime', '2026-11-28 14:30:05', '2026-11-28T14:30:05'],
  ] as const)('as %s, %s means %s', (kind, text, value) => {
    expect(parseTyped(kind, text)).toBe(value)
    expect(parseTyped(kind, editedText(value))).toBe(value)
  })

  it.each([
    ['date', ''],
    ['date', '2026-02-29'],
    ['date', '2026-13-01'],
    ['date', '28/11/2026'],
    ['date', '2026-11-28 14:30'],
    ['time', '24:00'],
    ['time', '12:60'],
    ['time', 'noon'],
    ['datetime', '2026-11-28'],
    ['datetime', '2026-11-28 25:00'],
  ] as const)('as %s, %s is none', (kind, text) => {
    expect(parseTyped(kind, text)).toBeUndefined()
  })
})

it('is shown in the language of the page, with 24 hours', () => {
  expect(shownText('time', '00:05', 'zh')).toBe('00:05')
  expect(shownText('time', '15:05', 'en')).toBe('15:05')
  expect(shownText('time', '15:05:09', 'zh')).toBe('15:05:09')
  expect(shownText('date', '2026-11-28', 'zh')).toBe('2026年11月28日周六')
  expect(shownText('date', '2026-11-28', 'en')).toBe('Sat, 28 Nov 2026')
  expect(shownText('datetime', '2026-11-28T15:05', 'zh')).toBe('2026年11月28日周六 15:05')
  expect(shownText('datetime', '2026-11-28T15:05', 'en')).toBe('Sat, 28 Nov 2026, 15:05')
  expect(shownText('date', '2026-02-3', 'en')).toBe('2026-02-3')
})
