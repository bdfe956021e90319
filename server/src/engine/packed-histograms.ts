import { DwellHistogram } from './dwell-histogram.ts'

/** Many histograms in two arrays: an object for each would take long to send to another thread. */
export interface PackedHistograms {
  /** Four of each: first bucket, number of buckets, and the two halves of the sum. */
  readonly heads: Float64Array
  /** Counts of the buckets, one histogram after the other. */
  readonly counts: Uint32Array
}

const headLength = 4

export function packHistograms(histograms: readonly DwellHistogram[]): PackedHistograms {
  const parts = histograms.map((histogram) => histogram.parts)
  const counts = new Uint32Array(parts.reduce((sum, part) => sum + part.counts.length, 0))
  let at = 0
  const heads = parts.flatMap((part) => {
    counts.set(part.counts, at)
    at += part.counts.length
    return [part.firstBucket, part.counts.length, ...part.sum]
  })
  return { heads: Float64Array.from(heads), counts }
}

/** Those that were packed, in the same order. */
export function* unpackHistograms({ heads, counts }: PackedHistograms): Generator<DwellHistogram> {
  let from = 0
  for (let at = 0; at < heads.length; at += headLength) {
    const [firstBucket = 0, length = 0, high = 0, low = 0] = heads.subarray(at, at + headLength)
    yield DwellHistogram.of({ firstBucket, counts: counts.subarray(from, from + length), sum: [high, low] })
    from += length
  }
}
