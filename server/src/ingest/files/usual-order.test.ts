import { expect, test } from 'vitest'
import { TypicalOrder } from './usual-order.ts'

/** The usual order of stages of one letter, from the ways of orders such as `abc`. */
function usual(...ways: readonly string[]): string {
  const order = new TypicalOrder()
  for (const way of ways) order.add(way.split(''))
  return order.stages().join('')
}

test('stages stand where orders pass them on average', () => {
  expect(usual('abcd')).toBe('abcd')
  expect(usual('dcba')).toBe('dcba')
  // In the mean a is 0, x 1/2 and b 1; x is never beside another.
  expect(usual('ab', 'x')).toBe('axb')
  // y is 1/3 and z 2/3, but the others never meet them.
  expect(usual('b', 'ayzc')).toBe('aybzc')
})

test('a stage moves before those that most orders passed after it', () => {
  // b is 0, 1 and 1, a 0, 0 and 1.
  expect(usual('ba', 'ab', 'ab')).toBe('ab')
  expect(usual('ab', 'ba', 'ba')).toBe('ba')
  // In the mean c is 1/2 and b 5/8, but b was before c twice and after it never.
  expect(usual('abc', 'bc', 'ab', 'ab', 'c', 'cd', 'cd')).toBe('abcd')
})

test('as many orders one way as the other leave stages where they are', () => {
  expect(usual('ab', 'ba')).toBe('ab')
  expect(usual('ba', 'ab')).toBe('ba')
})

test('nothing is usual without an order', () => {
  expect(usual()).toBe('')
})
