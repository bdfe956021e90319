import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { DwellHistogram } from './dwell-histogram.ts'
import { propertyRuns } from '@stagewatch/shared/domain/testing/property-runs.ts'

/** Evenly distributed over the octaves, so that every bucket width occurs. */
const duration = fc
  .tuple(fc.nat(53), fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }))
  .map(([octave, part]) => Math.min(Number.MAX_SAFE_INTEGER, Math.floor(2 ** octave * (1 + part)) - 1))
const durations = fc.array(duration, { maxLength: 200, size: 'medium' })
const someDurations = fc.array(duration, { minLength: 1, maxLength: 200, size: 'medium' })
const ratio = fc.double({ min: 0, max: 1, noNaN: true })

function histogramOf(values: readonly number[]): DwellHistogram {
  const histogram = new DwellHistogram()
  for (const ms of values) histogram.add(ms)
  return histogram
}

function nearestRank(values: readonly number[], q: number): number {
  return values.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(q * values.length) - 1)]!
}

/** All readable values of a histogram. */
function reading(histogram: DwellHistogram) {
  const percentiles = [0, 0.01, 0.1, 0.5, 0.9, 0.99, 1].map((q) => histogram.percentile(q))
  return { count: histogram.count, sumMs: histogram.sumMs, mean: histogram.mean, percentiles }
}

test('every percentile is within 1 % of the exact nearest rank, and exact below 128 ms', () => {
  fc.assert(
    fc.property(someDurations, ratio, (values, q) => {
      const exact = nearestRank(values, q)
      const allowed = exact < 128 ? 0 : exact * 0.01
      expect(Math.abs(histogramOf(values).percentile(q)! - exact)).toBeLessThanOrEqual(allowed)
    }),
    propertyRuns,
  )
})

test('both ends of every bucket are within 0.79 % of its representative value', () => {
  for (let octave = 0; octave < 47; octave++) {
    for (let part = 64; part < 128; part++) {
      for (const ms of [part * 2 ** octave, (part + 1) * 2 ** octave - 1]) {
        const estimate = histogramOf([ms]).percentile(0.5)!
        expect(Math.abs(estimate - ms) / ms).toBeLessThanOrEqual(0.0079)
      }
    }
  }
})

test('count, sum and mean are exact', () => {
  fc.assert(
    fc.property(durations, (values) => {
      const histogram = histogramOf(values)
      const sum = Number(values.reduce((total, ms) => total + BigInt(ms), 0n))
      expect(histogram.count).toBe(values.length)
      expect(histogram.sumMs).toBe(sum)
      expect(histogram.mean).toBe(values.length === 0 ? undefined : sum / values.length)
    }),
    propertyRuns,
  )
})

test('removing a value leaves the histogram as if it had never been added', () => {
  fc.assert(
    fc.property(durations, durations, (kept, taken) => {
      const histogram = histogramOf([...taken, ...kept])
      for (const ms of taken) histogram.remove(ms)
      expect(reading(histogram)).toEqual(reading(histogramOf(kept)))
    }),
    propertyRuns,
  )
})

test('merging equals adding all values, and subtracting reverts it', () => {
  fc.assert(
    fc.property(durations, durations, (own, others) => {
      const histogram = histogramOf(own)
      const other = histogramOf(others)
      histogram.merge(other)
      expect(reading(histogram)).toEqual(reading(histogramOf([...own, ...others])))
      histogram.subtract(other)
      expect(reading(histogram)).toEqual(reading(histogramOf(own)))
    }),
    propertyRuns,
  )
})

test('an empty histogram has neither mean nor percentile', () => {
  const histogram = new DwellHistogram()
  expect(histogram.mean).toBeUndefined()
  expect(histogram.percentile(0.5)).toBeUndefined()
  histogram.add(5)
  histogram.remove(5)
  expect(histogram.percentile(0.5)).toBeUndefined()
})

test('an invalid duration, or one that was never added, is rejected and changes nothing', () => {
  const histogram = histogramOf([1000])
  for (const ms of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53]) {
    expect(() => histogram.add(ms)).toThrow(RangeError)
    expect(() => histogram.remove(ms)).toThrow(RangeError)
  }
  expect(() => histogram.remove(2000)).toThrow(RangeError)
  expect(() => histogram.subtract(histogramOf([1000, 2000]))).toThrow(RangeError)
  expect(() => histogram.percentile(1.5)).toThrow(RangeError)
  expect(reading(histogram)).toEqual(reading(histogramOf([1000])))
})
