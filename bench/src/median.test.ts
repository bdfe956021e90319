import { expect, test } from 'vitest'
import { median } from './median.ts'

test('the median is the value in the middle, or half way between the two there', () => {
  expect(median([5])).toBe(5)
  expect(median([9, 1, 5])).toBe(5)
  expect(median([4, 1, 2, 9])).toBe(3)
  expect(() => median([])).toThrow(RangeError)
})
