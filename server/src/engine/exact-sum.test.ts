import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { ExactSum } from './exact-sum.ts'
import { propertyRuns } from '@stagewatch/shared/domain/testing/property-runs.ts'

const value = fc.oneof(fc.maxSafeNat(), fc.nat(10), fc.constant(Number.MAX_SAFE_INTEGER))

test('the sum equals that of big integers, however far it passes 2^53', () => {
  fc.assert(
    fc.property(fc.array(value), fc.array(value), (kept, taken) => {
      const sum = new ExactSum()
      for (const added of [...kept, ...taken]) sum.add(added)
      for (const removed of taken) sum.remove(removed)
      const exact = kept.reduce((total, added) => total + BigInt(added), 0n)
      expect(sum.value).toBe(Number(exact))
    }),
    propertyRuns,
  )
})

test('merging and subtracting another sum leaves nothing behind', () => {
  fc.assert(
    fc.property(fc.array(value), fc.array(value), (own, others) => {
      const [sum, other] = [new ExactSum(), new ExactSum()]
      for (const added of own) sum.add(added)
      for (const added of others) other.add(added)
      const before = sum.value
      sum.merge(other)
      expect(sum.value).toBe(Number([...own, ...others].reduce((total, added) => total + BigInt(added), 0n)))
      sum.subtract(other)
      expect(sum.value).toBe(before)
    }),
    propertyRuns,
  )
})
