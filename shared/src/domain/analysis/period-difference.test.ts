import { describe, expect, it } from 'vitest'
import { medianDifference, ratioDifference } from './period-difference.ts'
import type { Paired, PeriodDifference } from './period-difference.ts'
import { seededRandom } from './seeded-random.ts'

const isSoak = process.env['SOAK'] === 'full'
const trials = isSoak ? 10_000 : 1_500
/** Each trial resamples its days hundreds of times. */
const medianTrials = isSoak ? 10_000 : 500
const days = 14
const visitsPerDay = 20
/** The later durations are shorter by this share, which the interval should contain. */
const truth = -0.12

function drain<T>(work: Generator<void, T>): T {
  for (;;) {
    const step = work.next()
    if (step.done === true) return step.value
  }
}

/** Durations as they occur in practice: skewed, and with days that are slow or fast as a whole. */
function drawnDay(random: () => number, factor: number): number[] {
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
  const ofDay = 0.3 * normal()
  // Whole minutes, like the buckets of a histogram.
  return Array.from({ length: visitsPerDay }, () => 60_000 * Math.round(60 * factor * Math.exp(ofDay + 0.8 * normal())))
}

function drawnPairs(random: () => number): Paired<number[]>[] {
  return Array.from({ length: days }, () => ({ before: drawnDay(random, 1), after: drawnDay(random, 1 + truth) }))
}

const each = <T, R>(pair: Paired<T>, of: (value: T) => R): Paired<R> => ({
  before: of(pair.before),
  after: of(pair.after),
})
const counted = (durations: readonly number[]) => durations.toSorted((a, b) => a - b).map((ms) => ({ ms, count: 1 }))
const meanOf = (durations: readonly number[]) => ({
  part: durations.reduce((sum, ms) => sum + ms, 0),
  whole: durations.length,
})

function coverage(
  difference: (random: () => number) => PeriodDifference | undefined,
  change: number,
  count = trials,
): number {
  let covered = 0
  for (let trial = 0; trial < count; trial++) {
    const found = difference(seededRandom(1_000_003 * trial))
    if (found !== undefined && found.low <= change && change <= found.high) covered += 1
  }
  return covered / count
}

describe('the interval of a change', () => {
  it('holds the true change of a median 95 times of a hundred', () => {
    const ratio = coverage(
      (random) => {
        const pairs = drawnPairs(random).map((pair) => each(pair, counted))
        return drain(medianDifference(pairs, random))
      },
      truth,
      medianTrials,
    )
    expect(Math.abs(ratio - 0.95)).toBeLessThanOrEqual(0.02)
  })

  it('holds the true change of a mean 95 times of a hundred', () => {
    const ratio = coverage(
      (random) =>
        ratioDifference(
          drawnPairs(random).map((pair) => each(pair, meanOf)),
          'relative',
        ),
      truth,
    )
    expect(Math.abs(ratio - 0.95)).toBeLessThanOrEqual(0.02)
  })

  it('holds the true change of a share 95 times of a hundred', () => {
    const late = (random: () => number, ratio: number) => {
      return { part: Array.from({ length: 40 }, random).filter((draw) => draw < ratio).length, whole: 40 }
    }
    const ratio = coverage((random) => {
      const pairs = Array.from({ length: days }, () => ({ before: late(random, 0.2), after: late(random, 0.15) }))
      return ratioDifference(pairs, 'points')
    }, -0.05)
    expect(Math.abs(ratio - 0.95)).toBeLessThanOrEqual(0.02)
  })
})

describe('a change', () => {
  it('is that of the whole, and the same for the same seed', () => {
    const pairs = drawnPairs(seededRandom(7)).map((pair) => each(pair, counted))
    const all = (side: 'before' | 'after') => pairs.flatMap((pair) => pair[side].map(({ ms }) => ms))
    const median = (values: number[]) => values.toSorted((a, b) => a - b)[values.length / 2 - 1] ?? 0
    const found = drain(medianDifference(pairs, seededRandom(1)))
    expect(found).toMatchObject({ before: median(all('before')), after: median(all('after')) })
    expect(found?.change).toBeCloseTo(median(all('after')) / median(all('before')) - 1, 12)
    expect(drain(medianDifference(pairs, seededRandom(1)))).toEqual(found)
  })

  it('of numbers per day is reckoned by hand', () => {
    const pairs = [4, 6, 5, 5, 5].map((before, i) => ({
      before: { part: before, whole: 1 },
      after: { part: [8, 12, 10, 10, 10][i] ?? 0, whole: 1 },
    }))
    // Each day doubles, so nothing varies: (8 - 10)/50 - (4 - 5)/25 = 0.
    expect(ratioDifference(pairs, 'relative')).toEqual({ before: 5, after: 10, change: 1, low: 1, high: 1 })
  })

  it('is not told of few days, nor of what was not there', () => {
    const day = { part: 3, whole: 4 }
    const pairs = Array.from({ length: 4 }, () => ({ before: day, after: day }))
    expect(ratioDifference(pairs, 'points')).toBeUndefined()
    const none = Array.from({ length: 9 }, () => ({ before: { part: 0, whole: 1 }, after: day }))
    expect(ratioDifference(none, 'relative')).toBeUndefined()
    expect(
      drain(
        medianDifference(
          Array.from({ length: 9 }, () => ({ before: [], after: [] })),
          () => 0,
        ),
      ),
    ).toBeUndefined()
  })
})
