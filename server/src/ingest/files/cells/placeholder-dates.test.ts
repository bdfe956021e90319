import { expect, test } from 'vitest'
import { isZeroDate, standsForNoDate } from './placeholder-dates.ts'

/** Midnight of a day such as `1900-01-01`. */
const dayOf = (text: string) => Date.parse(`${text}T00:00:00Z`)

test.for([
  ['0001-01-01', true],
  ['0001-01-02', true],
  ['0001-01-03', false],
  ['1600-12-30', false],
  ['1600-12-31', true],
  ['1601-01-01', true],
  ['1601-01-02', false],
  ['1752-12-31', true],
  ['1753-01-01', true],
  ['1753-01-02', false],
  ['1899-12-28', false],
  ['1899-12-29', true],
  ['1899-12-30', true],
  ['1899-12-31', true],
  ['1900-01-01', true],
  ['1900-01-02', false],
  ['1969-12-31', false],
  ['1970-01-02', false],
  ['2026-11-03', false],
  ['9999-12-29', false],
  ['9999-12-30', true],
  ['9999-12-31', true],
] as const)('the day %s stands for no date: %s', ([text, stands]) => {
  expect([standsForNoDate(dayOf(text), 0), standsForNoDate(dayOf(text), 1)]).toEqual([stands, stands])
})

test('the first day of 1970 stands for no date at midnight only', () => {
  expect([standsForNoDate(0, 0), standsForNoDate(0, 1)]).toEqual([true, false])
})

const zeros = ['0', '-0', '0.0', '0,00', '00000000', '000000000000', '-2208988800', '253402214400000']
const zeroDates = ['0000-00-00T00:00:00.000Z', '0000年00月00日', '00.00.00', '00/00/0000 00:00', '0000-00-00 00:00 AM']
const dayZeros = ['1900-01-00', '1/0/1900 0:00:00', '0/1/00', '2958465.99']

test.for([...zeros, ...zeroDates, ...dayZeros])('%s is no date of a calendar', (text) => {
  expect(isZeroDate(text)).toBe(true)
})

const numbers = ['1', '00', '000', '0000', '0.1', '2958466', '253402300800']
const dates = ['2026-00-00', '00.00.2026', '0000-00-01', '1900-01-10']

test.for([...numbers, ...dates])('%s may be something else', (text) => {
  expect(isZeroDate(text)).toBe(false)
})
