import { propertyRuns } from '@stagewatch/shared/domain/testing/property-runs.ts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DwellCounts } from './dwell-counts.ts'
import { DwellHistogram } from './dwell-histogram.ts'

const groups = 5
/** Of every magnitude, those beyond 2^32 included, of which some hundred make a sum that a double does not hold. */
const dwell = fc.tuple(
  fc.oneof(fc.nat(52), fc.constant(52)),
  fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
)
const batch = fc.array(fc.tuple(fc.nat(groups - 1), dwell), { maxLength: 300 })
type Batch = readonly (readonly [group: number, ms: number])[]
const batches = fc.array(
  batch.map((some) =>
    some.map(([group, [octave, part]]) => [group, Math.floor(2 ** octave * (1 + part) - 1)] as const),
  ),
  { maxLength: 4 },
)

function counted(some: readonly Batch[]): DwellCounts {
  const counts = new DwellCounts()
  for (const [i, one] of some.entries()) {
    // Room for further groups comes between.
    counts.cover(groups + 20 * i)
    counts.add(
      Int32Array.from(one, ([group]) => group),
      Float64Array.from(one, ([, ms]) => ms),
      one.length,
    )
  }
  counts.cover(groups)
  return counts
}

function histograms(some: readonly Batch[]): DwellHistogram[] {
  const all = Array.from({ length: groups }, () => new DwellHistogram())
  for (const [group, ms] of some.flat()) all[group]?.add(ms)
  return all
}

const reading = ({ count, sumMs, durations }: DwellHistogram) => ({ count, sumMs, durations })

test('each group is what a histogram of its durations is', () => {
  fc.assert(
    fc.property(batches, (some) => {
      const counts = counted(some)
      const expected = histograms(some)
      expect(expected.map((_, group) => reading(counts.histogramOf(group)))).toEqual(expected.map(reading))
      expect(expected.map((_, group) => counts.countOf(group))).toEqual(expected.map(({ count }) => count))
    }),
    propertyRuns,
  )
})

test('what two have counted adds up, whatever groups it goes to', () => {
  fc.assert(
    fc.property(batches, batches, (ours, theirs) => {
      const counts = counted(ours)
      const turned = (group: number): number => groups - 1 - group
      const packed = counted(theirs).pack([0, 1, 2, 3, 4])
      counts.merge(packed, turned).forEach(() => undefined)
      const expected = histograms([...ours, ...theirs.map((one) => one.map(([g, ms]) => [turned(g), ms] as const))])
      expect(expected.map((_, group) => reading(counts.histogramOf(group)))).toEqual(expected.map(reading))
    }),
    propertyRuns,
  )
})
