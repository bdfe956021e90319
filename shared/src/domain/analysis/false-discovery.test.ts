import { expect, it } from 'vitest'
import { discoveryLimits } from './false-discovery.ts'

it('determines the significant tests of each family, as computed by hand', () => {
  // 1 + 1/2 + 1/3 + 1/4 = 25/12; with four families, one is selected at 0.006, two at 0.012, three at 0.018.
  const families = [[0.004, 0.006, 0.3], [0.002], [0.5, 0.9], [0.017, 0.4]]
  const limits = discoveryLimits(families, 0.05)!
  // The smallest corrected values are 0.012, 0.002, 1 and 0.034: the first two are selected, at 0.012 in total.
  expect(limits.map((limit) => limit.toFixed(6))).toEqual(['0.004000', '0.012000', '0.006000', '0.006000'])
  expect(discoveryLimits([[0.2], [0.03, 0.9]], 0.05)).toBeUndefined()
  expect(discoveryLimits([], 0.05)).toBeUndefined()
})
