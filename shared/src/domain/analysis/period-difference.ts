import type { CountedMs } from '../kaplan-meier.ts'
import { studentQuantile975 } from './normal-tail.ts'

/** The same value of a day of the earlier period and of the matched day of the later one. */
export interface Paired<T> {
  readonly before: T
  readonly after: T
}

/** Counts of a day: the figure is the sum of all `part` divided by the sum of all `whole`. */
export interface DayRatio {
  readonly part: number
  readonly whole: number
}

/** Change of a figure, with its 95 % confidence interval. */
export interface PeriodDifference extends Paired<number> {
  /** Relative: -0.12 is 12 % less. For shares: -0.12 is 12 percentage points less. */
  readonly change: number
  readonly low: number
  readonly high: number
}

export type ChangeScale = 'relative' | 'points'

/** With fewer pairs of days, change cannot be distinguished from chance. */
const minPairs = 5

/**
 * Compares a mean, a share or a number per day. The sampling unit is a whole day, because observations within one day
 * are correlated; the interval is that of the linearized difference over the pairs of days, with Student's t.
 *
 * Source: W. G. Cochran, "Sampling Techniques", 3rd edition, 6.3 and 9A (ratios of cluster totals).
 *
 * @param pairs Each of two matched days.
 * @returns Undefined if there are too few pairs, or nothing to compare with.
 */
export function ratioDifference(pairs: readonly Paired<DayRatio>[], scale: ChangeScale): PeriodDifference | undefined {
  const before = sumOf(pairs.map((pair) => pair.before))
  const after = sumOf(pairs.map((pair) => pair.after))
  if (pairs.length < minPairs || before.whole === 0 || after.whole === 0) return undefined
  if (scale === 'relative' && !(before.part > 0 && after.part > 0)) return undefined
  const unit = ({ part, whole }: DayRatio): number => (scale === 'relative' ? part : whole)
  const shiftOf = (day: DayRatio, sum: DayRatio): number => (day.part - (sum.part / sum.whole) * day.whole) / unit(sum)
  const shifts = pairs.map((pair) => shiftOf(pair.after, after) - shiftOf(pair.before, before))
  const squares = shifts.reduce((sum, shift) => sum + shift * shift, 0)
  const error = Math.sqrt((squares * pairs.length) / (pairs.length - 1))
  return intervalOf(before.part / before.whole, after.part / after.whole, error, pairs.length, scale)
}

/** With more replicates, the standard error of a median hardly changes. */
const replicates = 300

/**
 * Compares medians. The standard error is estimated by resampling the pairs of days with replacement (block bootstrap);
 * the interval is Student's t times that error to both sides. Yields after each resample.
 *
 * Source: A. C. Davison, D. V. Hinkley, "Bootstrap Methods and their Application", 2.4 and 3.8.
 *
 * @param pairs Durations of both days, ascending.
 * @param random Uniform in [0, 1).
 * @returns Undefined if there are too few pairs or durations, or if a median is 0, so that no ratio exists.
 */
export function* medianDifference(
  pairs: readonly Paired<readonly CountedMs[]>[],
  random: () => number,
): Generator<void, PeriodDifference | undefined> {
  const before = new MedianDays(pairs.map((pair) => pair.before))
  const after = new MedianDays(pairs.map((pair) => pair.after))
  const every = Uint32Array.from(pairs, (_, index) => index)
  const [medianBefore, medianAfter] = [before.medianOf(every), after.medianOf(every)]
  if (pairs.length < minPairs || !medianBefore || !medianAfter) return undefined
  const drawn = new Uint32Array(pairs.length)
  const logs: number[] = []
  for (let i = 0; i < replicates; i++) {
    for (let place = 0; place < drawn.length; place++) drawn[place] = Math.floor(random() * pairs.length)
    const [a, b] = [before.medianOf(drawn), after.medianOf(drawn)]
    // A resample may consist only of days without visits; it has no median.
    if (a && b) logs.push(Math.log(b / a))
    yield
  }
  const mean = logs.reduce((sum, log) => sum + log, 0) / logs.length
  const variance = logs.reduce((sum, log) => sum + (log - mean) ** 2, 0) / (logs.length - 1)
  const error = Math.sqrt((variance * pairs.length) / (pairs.length - 1))
  return intervalOf(medianBefore, medianAfter, error, pairs.length, 'relative')
}

function intervalOf(before: number, after: number, error: number, pairs: number, scale: ChangeScale): PeriodDifference {
  const reach = studentQuantile975(pairs - 1) * error
  if (scale === 'points') {
    const change = after - before
    return { before, after, change, low: change - reach, high: change + reach }
  }
  // On a logarithmic scale, twice as long and half as long are equally far from no change.
  const log = Math.log(after / before)
  return { before, after, change: Math.expm1(log), low: Math.expm1(log - reach), high: Math.expm1(log + reach) }
}

function sumOf(days: readonly DayRatio[]): DayRatio {
  return days.reduce((sum, { part, whole }) => ({ part: sum.part + part, whole: sum.whole + whole }), {
    part: 0,
    whole: 0,
  })
}

/** The durations of some days, indexed to find the median of any resample of them quickly. */
class MedianDays {
  /** All distinct durations, ascending. */
  readonly #ms: Float64Array
  /** For each day: indexes into `#ms`, and the number of durations at each. */
  readonly #days: readonly { readonly places: Uint32Array; readonly counts: Float64Array }[]
  readonly #counts: Float64Array

  constructor(days: readonly (readonly CountedMs[])[]) {
    this.#ms = Float64Array.from(new Set(days.flatMap((day) => day.map(({ ms }) => ms)))).toSorted()
    const placeOf = new Map(Array.from(this.#ms, (ms, place) => [ms, place]))
    this.#days = days.map((day) => ({
      places: Uint32Array.from(day, ({ ms }) => placeOf.get(ms) ?? 0),
      counts: Float64Array.from(day, ({ count }) => count),
    }))
    this.#counts = new Float64Array(this.#ms.length)
  }

  /**
   * The median of the days with these indexes, repeated ones counting repeatedly. Undefined: they have no durations.
   */
  medianOf(chosen: Uint32Array): number | undefined {
    const total = this.#counts.fill(0)
    let size = 0
    for (const day of chosen) {
      const { places, counts } = this.#days[day] ?? { places: [], counts: [] }
      for (let i = 0; i < places.length; i++) {
        const place = places[i] ?? 0
        const count = counts[i] ?? 0
        total[place] = (total[place] ?? 0) + count
        size += count
      }
    }
    if (size === 0) return undefined
    const rank = Math.ceil(size / 2)
    let passed = 0
    for (let place = 0; ; place++) {
      passed += total[place] ?? 0
      if (passed >= rank) return this.#ms[place]
    }
  }
}
