import { expect, it } from 'vitest'
import { countingOrder, isOrdered } from './counting-order.ts'

const hourMs = 3_600_000

it('visits come by stage, then by hour, before 1970 as well, those of one hour as they were given', () => {
  const visits = [
    { stage: 1, leftAt: 5 * hourMs, name: 'later' },
    { stage: 0, leftAt: 9 * hourMs, name: 'other stage' },
    { stage: 1, leftAt: -1, name: 'before' },
    { stage: 1, leftAt: 6 * hourMs - 1, name: 'same hour' },
  ]
  expect([...countingOrder(visits)].map(({ name }) => name)).toEqual(['other stage', 'before', 'later', 'same hour'])
})

it('the largest stage, hour and number of visits have a place of their own', () => {
  const [first, last] = [-(2 ** 24) * hourMs, (2 ** 24 - 1) * hourMs]
  const visits = Array.from({ length: 2 ** 15 }, (_, i) => ({
    stage: 2 ** 13 - 1,
    leftAt: i % 2 === 0 ? last : first,
    i,
  }))
  const ordered = [...countingOrder(visits)].map(({ i }) => i)
  expect(ordered.slice(0, 2)).toEqual([1, 3])
  expect(ordered.slice(-2)).toEqual([2 ** 15 - 4, 2 ** 15 - 2])
  expect(new Set(ordered).size).toBe(2 ** 15)
})

it('an hour beyond the sortable range is detected', () => {
  expect(
    [-(2 ** 24) - 1, -(2 ** 24), 2 ** 24 - 1, 2 ** 24].map((hour) => isOrdered({ leftAt: hour * hourMs })),
  ).toEqual([false, true, true, false])
})

it('more visits than there are places, and a stage beyond the largest, are refused', () => {
  const visit = { stage: 2 ** 13 - 1, leftAt: 0 }
  expect(() => countingOrder([visit, { ...visit, stage: 2 ** 13 }])).toThrow(RangeError)
  const tooMany = Array.from({ length: 2 ** 15 + 1 }, () => visit)
  expect(() => countingOrder(tooMany)).toThrow(RangeError)
})
