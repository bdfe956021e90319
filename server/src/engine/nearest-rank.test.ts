import { propertyRuns } from '@stagewatch/shared/domain/testing/property-runs.ts'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { nearestRank } from './nearest-rank.ts'

const ascending = (values: readonly number[]): Float64Array => Float64Array.from(values).toSorted()

it('is that of one list, however the values are divided', () => {
  const list = fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 20, size: 'max' })
  fc.assert(
    fc.property(fc.array(list, { maxLength: 6 }), fc.constantFrom(0, 0.5, 0.9, 1), (lists, ratio) => {
      const one = ascending(lists.flat())
      const expected = one[Math.max(0, Math.ceil(ratio * one.length) - 1)]
      expect(nearestRank(lists.map(ascending), ratio)).toBe(expected)
    }),
    propertyRuns,
  )
})

it('is none of nothing', () => {
  expect(nearestRank([], 0.5)).toBeUndefined()
  expect(nearestRank([new Float64Array()], 0.5)).toBeUndefined()
})
