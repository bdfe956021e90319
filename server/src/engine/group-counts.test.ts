import { costlyPropertyRuns } from '@stagewatch/shared/domain/testing/property-runs.ts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { lowRange } from './duration-column.ts'
import { DwellHistogram } from './dwell-histogram.ts'
import { GroupCounts } from './group-counts.ts'
import type { CountedVisits } from './group-counts.ts'
import { breachedFlag, flagPatterns, flagsShift, hasTargetFlag, reworkFlag } from './visit-columns.ts'

const groups = 5
/** Leaves room for further groups in between. */
const groupsApart = 9
/** Of every magnitude that a visit may have, see `DurationColumn`; a sum of some hundred of these exceeds the exact range of a double. */
const dwell = fc.tuple(
  fc.oneof(fc.nat(47), fc.constant(47)),
  fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
)
const batch = fc.array(fc.tuple(fc.nat(groups - 1), dwell, fc.nat(flagPatterns - 1)), {
  maxLength: 300,
  size: 'medium',
})
type Batch = readonly (readonly [group: number, ms: number, flags: number])[]
const batches = fc.array(
  batch.map((some) =>
    some.map(([group, [octave, part], flags]) => [group, Math.floor(2 ** octave * (1 + part) - 1), flags] as const),
  ),
  { maxLength: 4 },
)

function counted(some: readonly Batch[]): GroupCounts {
  const counts = new GroupCounts()
  for (const one of some) {
    const groupsOf = Int32Array.from(one, ([group]) => group * groupsApart)
    counts.add(groupsOf, columnsOf(one))
  }
  return counts
}

function columnsOf(one: Batch): CountedVisits {
  return {
    dwellLow: Uint32Array.from(one, ([, ms]) => ms % lowRange),
    dwellHigh: Uint16Array.from(one, ([, ms]) => ms / lowRange),
    stageAndFlags: Uint16Array.from(one, ([, , flags]) => flags << flagsShift),
    count: one.length,
  }
}

function histograms(some: readonly Batch[]): DwellHistogram[] {
  const all = Array.from({ length: groups }, () => new DwellHistogram())
  for (const [group, ms] of some.flat()) all[group]?.add(ms)
  return all
}

const groupNumbers = Array.from({ length: groups }, (_, group) => group * groupsApart)

function reading(counts: GroupCounts): unknown {
  return groupNumbers.map((group) => ({
    visits: counts.visits(group),
    flagged: [hasTargetFlag, reworkFlag, breachedFlag].map((flag) => counts.flagged(group, flag)),
    ...distribution(counts.histogramOf(group)),
  }))
}

function naiveReading(some: readonly Batch[]): unknown {
  return histograms(some).map((histogram, group) => {
    const own = some.flat().filter(([one]) => one === group)
    return {
      visits: own.length,
      flagged: [hasTargetFlag, reworkFlag, breachedFlag].map(
        (flag) => own.filter(([, , flags]) => (flags & flag) !== 0).length,
      ),
      ...distribution(histogram),
    }
  })
}

function distribution({ count, sumMs, durations }: DwellHistogram) {
  return { count, sumMs, durations }
}

test('each group has the visits, flags and histogram of its rows', () => {
  fc.assert(
    fc.property(batches, (some) => {
      expect(reading(counted(some))).toEqual(naiveReading(some))
    }),
    costlyPropertyRuns,
  )
})

test('a group into which whole batches are counted has the visits, flags and histogram of all of their rows', () => {
  fc.assert(
    fc.property(batches, fc.nat(groups - 1), (some, group) => {
      const counts = new GroupCounts()
      for (const one of some) counts.addToOne(group * groupsApart, columnsOf(one))
      const inGroup = some.map((one) => one.map(([, ms, flags]) => [group, ms, flags] as const))
      expect(reading(counts)).toEqual(naiveReading(inGroup))
    }),
    costlyPropertyRuns,
  )
})

test('the counts of two instances add up, whatever their groups', () => {
  fc.assert(
    fc.property(batches, batches, (ours, theirs) => {
      const counts = counted(ours)
      const turned = (group: number): number => groups - 1 - group
      const packed = counted(theirs).pack(groupNumbers)
      counts.merge(packed, (index) => turned(index) * groupsApart).forEach(() => undefined)
      const merged = [...ours, ...theirs.map((one) => one.map(([g, ms, flags]) => [turned(g), ms, flags] as const))]
      expect(reading(counts)).toEqual(naiveReading(merged))
    }),
    costlyPropertyRuns,
  )
})

test('a sum beyond the exact range of a double stays exact when packed groups are added to it', () => {
  const longMs = 2 ** 48 - 1
  const visits = (count: number, ms: number): Batch => Array.from({ length: count }, () => [0, ms, 0] as const)
  const counts = counted([visits(20, longMs)])
  for (const more of [visits(19, longMs), ...Array.from({ length: 5 }, () => visits(1, 1))]) {
    counts.merge(counted([more]).pack([0]), () => 0).forEach(() => undefined)
  }
  expect(counts.sumMs(0)).toBe(Number(39n * BigInt(longMs) + 5n))
})

test('a sum beyond the exact range of a double stays exact when short visits are counted one after the other', () => {
  const visits = (count: number, ms: number): Batch => Array.from({ length: count }, () => [0, ms, 0] as const)
  // 32 times the longest dwell is 32 ms less than that range, 2^53 ms.
  const some = [visits(32, 2 ** 48 - 1), visits(41, 1)]
  const together = new GroupCounts()
  for (const one of some) together.addToOne(0, columnsOf(one))
  for (const counts of [counted(some), together]) {
    const { count, parts } = counts.histogramOf(0)
    expect(count).toBe(73)
    expect(parts.sum).toEqual([1, 9])
  }
})

test('durations of which each was taken once are still there when they are added to another group', () => {
  // 64 buckets of 1 ms, with one visit each.
  const one: Batch = Array.from({ length: 64 }, (_, ms) => [0, ms, 0] as const)
  const counts = new GroupCounts()
  counts.merge(counted([one]).pack([0]), () => 3).forEach(() => undefined)
  expect(counts.histogramOf(3).durations).toEqual(one.map(([, ms]) => ({ ms, count: 1 })))
})
