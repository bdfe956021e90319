import type { CountedMs } from '@stagewatch/shared/domain/kaplan-meier.ts'
import { ExactSum } from './exact-sum.ts'

/** 64 equal buckets per octave: half a bucket is at most 1/128 = 0.78 % of its values. */
const bucketsPerOctave = 64
/** The bucket range grows by multiples of this, */
const growthStep = 16
/** and by at least this fraction of its size, so that few additions have to copy it. */
const growthPart = 4

/** The parts of a histogram, for storing or sending. */
export interface HistogramParts {
  readonly firstBucket: number
  readonly counts: Uint32Array
  /** Upper and lower half, see `ExactSum`. */
  readonly sum: readonly [high: number, low: number]
}

/**
 * Distribution of whole, non-negative durations in ms, in which every addition can be undone. Percentiles are within
 * 0.8 % of the exact nearest-rank value, and exact below 128 ms; count, sum and mean are exact.
 */
export class DwellHistogram {
  /** A histogram made from the parts of another one, which may be discarded afterwards. */
  static of({ firstBucket, counts, sum: [high, low] }: HistogramParts): DwellHistogram {
    const histogram = new DwellHistogram()
    histogram.#mergeCounts(firstBucket, counts)
    for (const count of counts) histogram.#count += count
    histogram.#sum.addParts(high, low)
    return histogram
  }

  #firstBucket = 0
  #counts = new Uint32Array(0)
  #count = 0
  readonly #sum = new ExactSum()

  /** @throws RangeError unless `ms` is an integer from 0 to 2^53 - 1. */
  add(ms: number): void {
    const bucket = bucketOf(ms)
    this.#cover(bucket, bucket + 1)
    const index = bucket - this.#firstBucket
    this.#counts[index] = (this.#counts[index] ?? 0) + 1
    this.#count += 1
    this.#sum.add(ms)
  }

  /** @throws RangeError if no such duration was added. */
  remove(ms: number): void {
    const index = bucketOf(ms) - this.#firstBucket
    const count = this.#counts[index] ?? 0
    if (count === 0) throw new RangeError(`no duration of ${ms} ms to remove`)
    this.#counts[index] = count - 1
    this.#count -= 1
    this.#sum.remove(ms)
  }

  merge(other: DwellHistogram): void {
    this.#mergeCounts(other.#firstBucket, other.#counts)
    this.#count += other.#count
    this.#sum.merge(other.#sum)
  }

  /** Undoes an earlier `merge`, or the additions in `other`. */
  subtract(other: DwellHistogram): void {
    const shift = other.#firstBucket - this.#firstBucket
    for (let i = 0; i < other.#counts.length; i++) {
      const taken = other.#counts[i] ?? 0
      if (taken > (this.#counts[i + shift] ?? 0)) throw new RangeError('more durations to subtract than were added')
    }
    for (let i = 0; i < other.#counts.length; i++) {
      const taken = other.#counts[i] ?? 0
      if (taken > 0) this.#counts[i + shift] = (this.#counts[i + shift] ?? 0) - taken
    }
    this.#count -= other.#count
    this.#sum.subtract(other.#sum)
  }

  /** Read-only: the counts are not copied. */
  get parts(): HistogramParts {
    return { firstBucket: this.#firstBucket, counts: this.#counts, sum: this.#sum.parts }
  }

  /** The recorded durations, ascending: whole ms and the number of occurrences. */
  get durations(): CountedMs[] {
    const durations: CountedMs[] = []
    for (const [i, count] of this.#counts.entries()) {
      if (count > 0) durations.push({ ms: representativeMs(this.#firstBucket + i), count })
    }
    return durations
  }

  get count(): number {
    return this.#count
  }

  get sumMs(): number {
    return this.#sum.value
  }

  /** Undefined if the histogram is empty. */
  get mean(): number | undefined {
    return this.#count === 0 ? undefined : this.sumMs / this.#count
  }

  /** Whole ms at the nearest rank of `q` (0..1). Undefined if the histogram is empty. */
  percentile(q: number): number | undefined {
    if (!(q >= 0 && q <= 1)) throw new RangeError(`${q} is not a ratio from 0 to 1`)
    if (this.#count === 0) return undefined
    const rank = Math.max(1, Math.ceil(q * this.#count))
    // Starts from the nearer end: p90 and p99 are read more often than the median.
    const fromEnd = 2 * rank > this.#count
    const wanted = fromEnd ? this.#count - rank + 1 : rank
    const step = fromEnd ? -1 : 1
    let index = fromEnd ? this.#counts.length - 1 : 0
    let passed = this.#counts[index] ?? 0
    while (passed < wanted) {
      index += step
      passed += this.#counts[index] ?? 0
    }
    return representativeMs(this.#firstBucket + index)
  }

  #mergeCounts(firstBucket: number, counts: Uint32Array): void {
    if (counts.length === 0) return
    this.#cover(firstBucket, firstBucket + counts.length)
    const shift = firstBucket - this.#firstBucket
    for (let i = 0; i < counts.length; i++) this.#counts[i + shift] = (this.#counts[i + shift] ?? 0) + (counts[i] ?? 0)
  }

  /** Extends the counts to the buckets from `from` to `to`, exclusive. */
  #cover(from: number, to: number): void {
    const length = this.#counts.length
    const last = this.#firstBucket + length
    if (from >= this.#firstBucket && to <= last) return
    const room = Math.floor(length / growthPart)
    const lowest = length === 0 || from < this.#firstBucket ? Math.max(0, from - room) : this.#firstBucket
    const highest = length === 0 || to > last ? to + room : last
    const first = Math.floor(lowest / growthStep) * growthStep
    const end = Math.ceil(highest / growthStep) * growthStep
    const counts = new Uint32Array(end - first)
    counts.set(this.#counts, length === 0 ? 0 : this.#firstBucket - first)
    this.#firstBucket = first
    this.#counts = counts
  }
}

/**
 * Octave k holds the values from 64·2^k up to 128·2^k in buckets 2^k wide; below 128 a bucket is one value. The last
 * bucket is 3,071. @throws RangeError unless `ms` is an integer from 0 to 2^53 - 1.
 */
export function bucketOf(ms: number): number {
  const small = ms >>> 0
  if (small === ms) {
    const octave = Math.max(0, 25 - Math.clz32(small))
    return octave * bucketsPerOctave + (small >>> octave)
  }
  if (!Number.isSafeInteger(ms) || ms < 0) throw new RangeError(`${ms} is not a duration in whole ms`)
  const octave = 57 - Math.clz32(ms / 2 ** 32)
  return octave * bucketsPerOctave + Math.floor(ms / 2 ** octave)
}

/** The value with the smallest maximum relative error in the bucket: the harmonic mean of its bounds. */
function representativeMs(bucket: number): number {
  const octave = Math.max(0, Math.floor(bucket / bucketsPerOctave) - 1)
  const lowest = (bucket - octave * bucketsPerOctave) * 2 ** octave
  const highest = lowest + 2 ** octave - 1
  return Math.round(lowest * ((2 * highest) / (lowest + highest || 1)))
}
