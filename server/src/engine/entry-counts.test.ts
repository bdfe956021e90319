import { propertyRuns } from '@stagewatch/shared/domain/testing/property-runs.ts'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { EntryCounts } from './entry-counts.ts'

const minuteMs = 60_000
const now = Date.parse('2026-11-25T08:13:27Z')
/** From a moment to three years, and some in the future. */
const age = fc
  .tuple(fc.nat(26), fc.double({ min: 0, max: 1, noNaN: true }))
  .map(([octave, part]) => Math.floor(2 ** (octave + 10) * (1 + part)) - 5000)
const ages = fc.array(age, { maxLength: 60, size: 'max' })

function countsOf(of: readonly number[]): EntryCounts {
  const counts = new EntryCounts()
  for (const ageMs of of) counts.add(now - ageMs, 1)
  return counts
}

test('the age of each visit is accurate to half a minute or a sixteenth', () => {
  fc.assert(
    fc.property(ages, (of) => {
      const told = [...countsOf(of).entries(now)].flatMap(({ enteredAt, count }) =>
        Array.from({ length: count }, () => now - enteredAt),
      )
      const exact = of.map((ageMs) => Math.max(0, ageMs)).toSorted((a, b) => a - b)
      expect(told).toHaveLength(exact.length)
      for (const [i, ageMs] of told.toSorted((a, b) => a - b).entries())
        expect(Math.abs(ageMs - exact[i]!)).toBeLessThanOrEqual(Math.max(minuteMs / 2, exact[i]! / 16))
    }),
    propertyRuns,
  )
})

test('a removed visit leaves no trace', () => {
  fc.assert(
    fc.property(ages, ages, (kept, taken) => {
      const counts = countsOf([...taken, ...kept])
      for (const ageMs of taken) counts.add(now - ageMs, -1)
      expect([...counts.entries(now)]).toEqual([...countsOf(kept).entries(now)])
    }),
    propertyRuns,
  )
})

test('the visits of two years are read from some hundred steps', () => {
  const counts = new EntryCounts()
  for (let i = 0; i < 100_000; i++) counts.add(now - 10 * i * minuteMs, 1)
  expect([...counts.entries(now)].length).toBeLessThan(500)
})
