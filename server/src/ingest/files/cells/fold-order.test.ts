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
