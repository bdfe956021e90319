import { seededRandom } from '@stagewatch/shared/domain/analysis/seeded-random.ts'
import { describe, expect, it } from 'vitest'
import { DwellHistogram } from '../engine/dwell-histogram.ts'
import { findOutliers } from './outlier-tests.ts'
import type { GroupedVisits } from './outlier-tests.ts'

const hour = 3_600_000
const isSoak = process.env['SOAK'] === 'full'
const dataSets = isSoak ? 4_000 : 200
const plantedSets = isSoak ? 2_000 : 100

function drain<T>(work: Generator<void, T>): T {
  for (;;) {
    const step = work.next()
    if (step.done === true) return step.value
  }
}

/** Skewed like real durations, with a median of ten hours; rounded to quarter hours, so that there are ties. */
function drawnMs(random: () => number, factor: number): number {
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
  return 15 * 60_000 * Math.round(40 * factor * Math.exp(0.8 * normal))
}

function group(random: () => number, visits: number, factor = 1): DwellHistogram {
  const dwell = new DwellHistogram()
  for (let i = 0; i < visits; i++) dwell.add(drawnMs(random, factor))
  return dwell
}

/** Three stages and two dimensions of five values each: 30 tests. */
function withoutEffect(random: () => number): GroupedVisits<string>[] {
  return ['order', 'make', 'check'].flatMap((stage) =>
    (['product', 'weekday'] as const).map((dimension) => ({
      stage,
      dimension,
      dwellOf: new Map(Array.from({ length: 5 }, (_, i) => [String(i + 1), group(random, 25 + 12 * i)])),
    })),
  )
}

describe('outliers', () => {
  it('are hardly ever found where there are none', () => {
    let wrong = 0
    for (let seed = 1; seed <= dataSets; seed++) {
      const { tested, found } = drain(findOutliers(withoutEffect(seededRandom(7_919 * seed))))
      expect(tested).toBe(30)
      if (found.length > 0) wrong += 1
    }
    // There are no effects in the data, so each discovery is a false one.
    expect(wrong / dataSets).toBeLessThanOrEqual(0.05)
  })

  it.each([
    { factor: 1.8, share: 0.8, longerMs: 8 * hour },
    { factor: 2.2, share: 0.95, longerMs: 12 * hour },
  ])('are found where they were planted, and nothing else is: $factor times', ({ factor, share, longerMs }) => {
    const differences: number[] = []
    let falseRatios = 0
    for (let seed = 1; seed <= plantedSets; seed++) {
      const random = seededRandom(104_729 * seed)
      const parts = withoutEffect(random)
      const planted = { stage: 'check', dimension: 'customer' as const }
      const dwellOf = new Map([
        ['Acme', group(random, 60, factor)],
        ['others', group(random, 300)],
        ['few', group(random, 19, 9)],
      ])
      const answer = drain(findOutliers([...parts, { ...planted, dwellOf }]))
      const first = answer.found.find(({ value }) => value === 'Acme')
      if (first !== undefined) differences.push(first.differenceMs)
      const others = answer.found.filter(({ dimension }) => dimension !== 'customer')
      falseRatios += others.length / Math.max(1, answer.found.length)
      expect(answer.tooSmall).toBe(1)
    }
    expect(differences.length / plantedSets).toBeGreaterThanOrEqual(share)
    const mean = differences.reduce((sum, each) => sum + each, 0) / differences.length
    // Effects that look smaller by chance are found less often.
    expect(Math.abs(mean - longerMs)).toBeLessThan(1.5 * hour)
    expect(falseRatios / plantedSets).toBeLessThanOrEqual(0.05)
  })

  it('are tested once where there are two groups, of which each is the rest of the other', () => {
    const random = seededRandom(1)
    const dwellOf = new Map([
      ['day', group(random, 100)],
      ['night', group(random, 100, 3)],
    ])
    const { tested, found } = drain(findOutliers([{ stage: 'make', dimension: 'product', dwellOf }]))
    expect(tested).toBe(1)
    expect(found).toMatchObject([{ value: 'night', visits: 100, otherVisits: 100 }])
  })

  it('are not sought where everything is alike', () => {
    const same = new DwellHistogram()
    for (let i = 0; i < 40; i++) same.add(hour)
    const dwellOf = new Map([
      ['a', same],
      ['b', same],
      ['c', same],
    ])
    expect(drain(findOutliers([{ stage: 'make', dimension: 'product', dwellOf }]))).toEqual({
      tested: 0,
      tooSmall: 3,
      found: [],
    })
  })
})
