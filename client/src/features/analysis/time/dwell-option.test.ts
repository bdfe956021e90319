import { expect, it } from 'vitest'
import { placeOf } from './dwell-option.ts'

const bins = [0, 1, 2, 4, 8].map((hours) => ({ fromMs: hours * 3_600_000, finished: 0, open: 0 }))

it.each([
  [0, 0],
  [0.5, 0.5],
  [2, 2],
  [3, 2.5],
  [7, 3.75],
  // The last bin is unbounded.
  [100, 4.5],
])('a limit of %d hours stands at %d', (hours, place) => {
  expect(placeOf(bins, hours * 3_600_000)).toBe(place)
})
