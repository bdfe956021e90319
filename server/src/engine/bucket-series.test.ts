import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { BucketSeries, bucketMs } from './bucket-series.ts'
import { propertyRuns } from '@stagewatch/shared/domain/testing/property-runs.ts'

const dayMs = 96 * bucketMs
const spanMs = 40 * dayMs
/** Often exactly on a mark or next to it, and before 1970 too. */
const instant = fc.oneof(
  fc.integer({ min: -spanMs, max: spanMs }),
  fc.tuple(fc.integer({ min: -100, max: 100 }), fc.integer({ min: -1, max: 1 })).map(([m, ms]) => m * bucketMs + ms),
)
const change = fc.record({ atMs: instant, delta: fc.integer({ min: -3, max: 3 }) })
const mark = fc.integer({ min: -spanMs / bucketMs, max: spanMs / bucketMs }).map((number) => number * bucketMs)

test('the value at a mark is the sum of all changes up to it, in whatever order they came', () => {
  fc.assert(
    fc.property(fc.array(change), fc.array(mark), (changes, marks) => {
      const series = new BucketSeries()
      for (const { atMs, delta } of changes) series.add(atMs, delta)
      const read = marks.map((markMs) => series.valueAt(markMs))
      const naive = marks.map((markMs) => changes.reduce((sum, c) => (c.atMs <= markMs ? sum + c.delta : sum), 0))
      expect(read).toEqual(naive)
    }),
    propertyRuns,
  )
})

test('changes that are taken back leave nothing', () => {
  fc.assert(
    fc.property(fc.array(change), fc.array(mark), (changes, marks) => {
      const series = new BucketSeries()
      for (const { atMs, delta } of changes) series.add(atMs, delta)
      for (const { atMs, delta } of changes) series.add(atMs, -delta)
      expect(marks.every((markMs) => series.valueAt(markMs) === 0)).toBe(true)
    }),
    propertyRuns,
  )
})

test('a visit counts from the mark at which it was entered up to, not including, the mark at which it was left', () => {
  const series = new BucketSeries()
  series.add(bucketMs, 1)
  series.add(3 * bucketMs, -1)
  expect([0, 1, 2, 3, 4].map((number) => series.valueAt(number * bucketMs))).toEqual([0, 1, 1, 0, 0])
})

test('an instant between two marks cannot be read', () => {
  expect(() => new BucketSeries().valueAt(bucketMs + 1)).toThrow(RangeError)
  expect(() => new BucketSeries().add(Number.NaN, 1)).toThrow(RangeError)
})

test('the last day is read from ten years nearly as fast as from a month', () => {
  const filled = (days: number): (() => void) => {
    const series = new BucketSeries()
    const end = days * dayMs
    for (let at = 0; at < end; at += bucketMs) series.add(at, 1)
    return () => {
      for (let i = 1; i <= 96; i++) series.valueAt(end - i * bucketMs)
    }
  }
  const fastestOf = (read: () => void): number => {
    const times = Array.from({ length: 50 }, () => {
      const startedAt = performance.now()
      for (let i = 0; i < 20; i++) read()
      return performance.now() - startedAt
    })
    return Math.min(...times)
  }
  const [month, tenYears] = [fastestOf(filled(30)), fastestOf(filled(3_652))]
  // Reading from the beginning would take 120 times as long.
  expect(tenYears / month).toBeLessThan(12)
})
