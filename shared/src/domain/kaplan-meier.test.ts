import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { kaplanMeierPercentiles } from './kaplan-meier.ts'
import type { CountedMs } from './kaplan-meier.ts'
import { propertyRuns } from './testing/property-runs.ts'

const durations = fc.array(fc.nat(30), { maxLength: 40 })
/** Ratios that no product of fractions of this few visits approaches without being equal. */
const ratio = fc.constantFrom(0.1, 0.25, 0.5, 0.75, 0.9, 0.99)

function counted(values: readonly number[]): CountedMs[] {
  return [...Map.groupBy(values, (ms) => ms)]
    .map(([ms, { length: count }]) => ({ ms, count }))
    .toSorted((a, b) => a.ms - b.ms)
}

function percentile(ended: readonly number[], open: readonly number[], q: number): number | undefined {
  return kaplanMeierPercentiles(counted(ended), counted(open), [q])[0]
}

/** The definition, with integer fractions: S(t) = Π (n - d) / n ≤ 1 - q. */
function naive(ended: readonly number[], open: readonly number[], q: number): number | undefined {
  let [numerator, denominator] = [1n, 1n]
  for (const ms of [...new Set(ended)].toSorted((a, b) => a - b)) {
    const lasted = [...ended, ...open].filter((other) => other >= ms).length
    const died = ended.filter((other) => other === ms).length
    numerator *= BigInt(lasted - died)
    denominator *= BigInt(lasted)
    if (numerator * 100n <= denominator * BigInt(100 - Math.round(q * 100))) return ms
  }
  return undefined
}

test('the percentiles are those of the definition', () => {
  fc.assert(
    fc.property(durations, durations, ratio, (ended, open, q) => {
      expect(percentile(ended, open, q)).toBe(naive(ended, open, q))
    }),
    propertyRuns,
  )
})

test('without open visits a percentile is that of the nearest rank', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(30), { minLength: 1, maxLength: 40 }), ratio, (ended, q) => {
      const rank = Math.ceil(Number((q * ended.length).toFixed(6)))
      expect(percentile(ended, [], q)).toBe(ended.toSorted((a, b) => a - b)[rank - 1])
    }),
    propertyRuns,
  )
})

test('more open visits never make a percentile smaller', () => {
  fc.assert(
    fc.property(durations, durations, fc.nat(30), ratio, (ended, open, another, q) => {
      const before = percentile(ended, open, q) ?? Infinity
      expect(percentile(ended, [...open, another], q) ?? Infinity).toBeGreaterThanOrEqual(before)
    }),
    propertyRuns,
  )
})

test('several percentiles are found at once', () => {
  const ended = counted([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
  expect(kaplanMeierPercentiles(ended, [], [0.1, 0.5, 0.9, 1])).toEqual([1, 5, 9, 10])
  expect(kaplanMeierPercentiles(ended, counted([100, 100, 100, 100]), [0.5, 0.9])).toEqual([7, undefined])
})

test('a stage in which nothing finishes has no small percentile', () => {
  const quick = Array.from({ length: 10 }, () => 5)
  const stuck = Array.from({ length: 30 }, () => 1000)
  expect(percentile(quick, stuck, 0.5)).toBeUndefined()
  expect(percentile([], stuck, 0.5)).toBeUndefined()
  expect(percentile([...quick, 2000], stuck, 0.5)).toBe(2000)
  expect(percentile([], [], 0.5)).toBeUndefined()
})

test('orders that have only just come in say nothing against a quick stage', () => {
  const quick = Array.from({ length: 10 }, () => 5)
  expect(
    percentile(
      quick,
      Array.from({ length: 30 }, () => 1),
      0.5,
    ),
  ).toBe(5)
})

test('of a span of time it finds the median of a stage that works as ever, however long its visits take', () => {
  // Every minute an order arrives and stays for 3,000 minutes; the data covers the last 1,440 minutes.
  const [dwell, span] = [3_000, 1_440]
  const stays = Array.from({ length: 10_000 }, (_, i) => ({
    from: i - 10_000,
    to: i - 10_000 + dwell * (0.5 + (i % 11) / 10),
  }))
  const seen = stays.filter(({ to }) => to > -span)
  const ended = counted(seen.filter(({ to }) => to <= 0).map(({ from, to }) => to - from))
  const open = counted(seen.filter(({ to }) => to > 0).map(({ from }) => -from))
  const late = counted(seen.filter(({ from }) => from < -span).map(({ from }) => -span - from))
  const [median = 0] = kaplanMeierPercentiles(ended, open, [0.5], late)
  expect(median / dwell).toBeCloseTo(1, 1)
  const [leaning = Infinity] = kaplanMeierPercentiles(ended, open, [0.5])
  expect(leaning / dwell).toBeGreaterThan(1.15)
})
