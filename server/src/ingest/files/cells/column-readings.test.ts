import { expect, test } from 'vitest'
import { emptyWordsWith } from './clean-cell.ts'
import { countedCell, unsurveyedReadings } from './column-readings.ts'
import { ZonedClock } from './zoned-clock.ts'

const clock = new ZonedClock('UTC')
const columns = {
  time: { index: 0, header: 'time' },
  timeOfDay: { index: 1, header: 'clock' },
  amount: { index: 2, header: 'amount' },
  promisedAt: { index: 3, header: 'due' },
}

test('a cell of times or numbers is cleaned, and empty words are empty', () => {
  const read = (cell: string, rules = {}) => countedCell(['', '', cell], columns, 'amount', { clock, ...rules })
  expect([read(" '12 "), read('NULL'), read('None'), read('unknown'), read('')]).toEqual(['12', '', '', 'unknown', ''])
  const emptyWords = emptyWordsWith(['unknown'])
  expect([read('unknown', { emptyWords }), read('None', { emptyWords })]).toEqual(['', ''])
  expect(countedCell(['x'], columns, 'quantity', { clock })).toBe('')
  expect(countedCell(['x'], columns, 'amount', { clock })).toBe('')
})

test('a day and a time of day are joined for the time alone', () => {
  const cells = ['2026-11-03', '14:05', '', '2026-11-09']
  expect(countedCell(cells, columns, 'time', { clock })).toBe('2026-11-03 14:05')
  expect(countedCell(cells, columns, 'promisedAt', { clock })).toBe('2026-11-09')
  expect(countedCell(['2026-11-03', 'NULL'], columns, 'time', { clock })).toBe('2026-11-03')
  expect(countedCell(cells, { time: columns.time }, 'time', { clock })).toBe('2026-11-03')
})

test('day numbers since 1904 are those since 1900, in columns of times alone', () => {
  const rules = { clock, daysSince1904: true }
  const days = (cell: string) => countedCell(['', '', cell, cell], columns, 'promisedAt', rules)
  expect(['44867', '44867.5', '44867,25', '9000'].map(days)).toEqual(['46329', '46329.5', '46329,25', '10462'])
  expect(['123', '123456', '2026-11-03', ''].map(days)).toEqual(['123', '123456', '2026-11-03', ''])
  expect(countedCell(['', '', '44867'], columns, 'amount', rules)).toBe('44867')
  expect(countedCell(['', '', '', '44867'], columns, 'promisedAt', { clock })).toBe('44867')
})

test('without a survey a cell is read only if it says all by itself', () => {
  const { times, numbers, laterRows, hasTransitions, cutCell, direction } = unsurveyedReadings({ clock, decimalSign: ',' }) // prettier-ignore
  expect([...times.keys(), ...numbers.keys()]).toEqual(['time', 'startedAt', 'promisedAt', 'quantity', 'amount'])
  expect(times.get('time')?.read('03/11/2026')).toMatchObject({ ok: false, cause: 'ambiguous' })
  expect(times.get('time')?.read('46329')).toMatchObject({ ok: false })
  expect(numbers.get('quantity')?.read('1,234 Stk')).toEqual({ ok: true, value: 1.234 })
  expect(numbers.get('amount')?.read('5 Stk')).toMatchObject({ ok: false })
  expect([laterRows.size, hasTransitions, cutCell, direction.orderVotes]).toEqual([0, true, undefined, 0])
})
