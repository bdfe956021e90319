import { expect, test } from 'vitest'
import { FoldOrder } from './fold-order.ts'
import { TimeReading } from './time-column.ts'
import { ZonedClock } from './zoned-clock.ts'

const reading = new TimeReading({ clock: new ZonedClock('Europe/Berlin'), pattern: undefined }, undefined)

/** Returns the rows that mean the second of two times, for rows `order HH:mm` on the day when clocks are set back. */
function laterRows(...rows: readonly string[]): number[] {
  const fold = new FoldOrder()
  for (const [i, row] of rows.entries()) {
    const [order = '', clock = ''] = row.split(' ')
    const time = reading.read(`2025-10-26 ${clock}`)
    if (!time.ok) throw new Error(time.message)
    fold.add(i + 1, order, time)
  }
  return [...fold.laterRows()]
}

test('where the clock goes back within an order, it was put back', () => {
  expect(laterRows('a 02:40', 'a 02:10', 'a 02:50', 'a 03:30')).toEqual([2, 3])
  expect(laterRows('a 01:50', 'a 02:30', 'a 02:40', 'a 03:30')).toEqual([])
})

test('orders do not tell of each other', () => {
  expect(laterRows('a 01:00', 'a 02:40', 'b 01:30', 'b 02:10', 'b 02:05', 'b 03:00')).toEqual([5])
})

test('a file that descends is read upward', () => {
  expect(laterRows('a 03:30', 'a 02:10', 'a 02:40', 'a 01:30')).toEqual([2])
  expect(laterRows('a 03:30', 'a 02:40', 'a 02:10', 'a 01:30')).toEqual([])
})

test('a file that is not sorted tells nothing', () => {
  expect(laterRows('a 03:30', 'a 01:30', 'a 02:40', 'a 02:10', 'a 05:00', 'a 01:00')).toEqual([])
})

const minuteMs = 60_000

/** Rows `order minutes`, or `order minutes?` for a time that came twice, an hour apart. */
function laterOf(...rows: readonly string[]): number[] {
  const fold = new FoldOrder()
  for (const [i, row] of rows.entries()) {
    const [order = '', time = ''] = row.split(' ')
    const at = Number.parseInt(time, 10) * minuteMs
    const isFold = time.endsWith('?')
    fold.add(i + 1, order, {
      ok: true,
      at,
      isDate: false,
      isLocal: true,
      doubt: isFold ? 'fold' : undefined,
      laterAt: isFold ? at + 60 * minuteMs : at,
    })
  }
  return [...fold.laterRows()]
}

test('a file is sorted if at most one in eleven pairs goes the other way', () => {
  const sorted = Array.from({ length: 10 }, (_, i) => `a ${1000 + i}`)
  expect(laterOf('a 40?', 'a 10?', ...sorted, 'a 1000')).toEqual([2])
  expect(laterOf('a 40?', 'a 10?', ...sorted.slice(1), 'a 1000')).toEqual([])
  expect(laterOf('a 2000', ...sorted.toReversed(), 'a 1005', 'a 10?', 'a 40?')).toEqual([13])
  expect(laterOf(...sorted.toReversed().slice(1), 'a 1005', 'a 10?', 'a 40?')).toEqual([])
})

test('rows of different orders decide where no order has two at different times', () => {
  expect(laterOf('a 40?', 'a 10?', 'b 100', 'c 200')).toEqual([2])
  expect(laterOf('c 200', 'b 100', 'a 10?', 'a 40?')).toEqual([3])
  // Within the orders the file ascends, whatever the next order begins with.
  expect(laterOf('a 40?', 'a 10?', 'a 900', 'b 100', 'b 800', 'c 50', 'c 700')).toEqual([2])
})

test('clocks are set back by less than three hours', () => {
  expect(laterOf('a 179?', 'a 0?', 'a 900')).toEqual([2])
  expect(laterOf('a 180?', 'a 0?', 'a 900')).toEqual([])
})

test('the same time again is not later', () => {
  expect(laterOf('a 40?', 'a 40?', 'a 900')).toEqual([])
})
