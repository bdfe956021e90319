import { expect, test } from 'vitest'
import { heatClass } from './heat-class.ts'

test.for([
  [0, 100, 0],
  [0, 0, 0],
  [4, 100, 1],
  [5, 100, 2],
  [9, 100, 2],
  [10, 100, 3],
  [14, 100, 3],
  [15, 100, 4],
  [24, 100, 4],
  [25, 100, 5],
  [100, 100, 5],
] as const)('%d overdue of %d at a tolerance of a tenth are class %d', ([overdue, wip, expected]) => {
  expect(heatClass(overdue, wip, 0.1)).toBe(expected)
})

test('one overdue order out of a few is no alarm, two are', () => {
  expect(heatClass(1, 4, 0.1)).toBe(2)
  expect(heatClass(1, 5, 0.1)).toBe(4)
  expect(heatClass(2, 4, 0.1)).toBe(5)
})

test('a stage that tolerates nothing is at its worst with any overdue order', () => {
  expect(heatClass(1, 1000, 0)).toBe(5)
  expect(heatClass(0, 1000, 0)).toBe(0)
})
