import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { propertyRuns } from '../testing/property-runs.ts'
import { normalTail, studentQuantile975 } from './normal-tail.ts'
import { rankTest, discoveryLimits } from './significance.ts'

const counted = (durations: readonly number[]) =>
  [
    ...Map.groupBy(
      durations.toSorted((a, b) => a - b),
      (ms) => ms,
    ),
  ].map(([ms, same]) => ({ ms, count: same.length }))

describe('the rank test', () => {
  it('matches values computed by hand', () => {
    // 3 is longer than 1 and equal to 3, 4 and 5 are longer than both: 1.5 + 2 + 2 of 9 pairs, where 4.5 are expected.
    // Two are equal, 2³ - 2 = 6: the variance is 9/12 · (7 - 6/30) = 5.1. 1 less half a pair is 0.5.
    const test = rankTest(counted([3, 4, 5]), counted([1, 3, 6]))
    expect(test?.longerRatio).toBeCloseTo(5.5 / 9, 12)
    expect(test?.p).toBeCloseTo(2 * normalTail(0.5 / Math.sqrt(5.1)), 12)
  })

  it('counts pairs as looking at each of them does', () => {
    const some = fc.array(fc.nat(6), { minLength: 1, maxLength: 12 })
    fc.assert(
      fc.property(some, some, (group, rest) => {
        const won = group.flatMap((a) => rest.map((b): number => (a > b ? 1 : a === b ? 0.5 : 0)))
        const ratio = won.reduce((sum, each) => sum + each, 0) / won.length
        const test = rankTest(counted(group), counted(rest))
        // If all durations are equal, there is nothing to test.
        const isEqual = new Set([...group, ...rest]).size === 1
        expect(test === undefined).toBe(isEqual)
        expect(test?.longerRatio ?? ratio).toBeCloseTo(ratio, 12)
      }),
      propertyRuns,
    )
  })

  it('reports nothing for an empty group', () => {
    expect(rankTest([], counted([1, 2]))).toBeUndefined()
    expect(rankTest(counted([1, 2]), [])).toBeUndefined()
  })
})

describe('the normal distribution', () => {
  // Tables: Abramowitz and Stegun, 26.1 and 26.10.
  it.each([
    [0, 0.5],
    [1.959963984540054, 0.025],
    [-1, 0.8413447460685429],
    [6, 9.865876450377e-10],
  ])('has above %d so much: %d', (z, share) => {
    expect(normalTail(z) / share).toBeCloseTo(1, 6)
  })

  it.each([
    [4, 2.776],
    [10, 2.228],
    [30, 2.042],
  ])("is left by Student's t with %d degrees of freedom at %d", (degrees, quantile) => {
    expect(Math.abs(studentQuantile975(degrees) - quantile)).toBeLessThan(0.01)
  })
})

it('determines the significant tests of each family, as computed by hand', () => {
  // 1 + 1/2 + 1/3 + 1/4 = 25/12; with four families, one is selected at 0.006, two at 0.012, three at 0.018.
  const families = [[0.004, 0.006, 0.3], [0.002], [0.5, 0.9], [0.017, 0.4]]
  const limits = discoveryLimits(families, 0.05)!
  // The smallest corrected values are 0.012, 0.002, 1 and 0.034: the first two are selected, at 0.012 in total.
  expect(limits.map((limit) => limit.toFixed(6))).toEqual(['0.004000', '0.012000', '0.006000', '0.006000'])
  expect(discoveryLimits([[0.2], [0.03, 0.9]], 0.05)).toBeUndefined()
  expect(discoveryLimits([], 0.05)).toBeUndefined()
})
