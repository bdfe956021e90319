import { propertyRuns } from '@stagewatch/shared/domain/testing/property-runs.ts'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { smallest } from './smallest.ts'

it('gives the first items of the sorted list, equal ones in the order in which they came', () => {
  const items = fc.array(fc.record({ key: fc.nat(5), name: fc.nat() }), { maxLength: 30 })
  fc.assert(
    fc.property(items, fc.nat(12), (all, limit) => {
      const compare = (a: { key: number }, b: { key: number }) => a.key - b.key
      expect(smallest(all, limit, compare)).toEqual(all.toSorted(compare).slice(0, limit))
    }),
    propertyRuns,
  )
})
