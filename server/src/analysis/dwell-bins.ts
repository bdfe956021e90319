import { bucketOf } from '../engine/dwell-histogram.ts'
import type { DwellHistogram } from '../engine/dwell-histogram.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

/**
 * Lower bounds of the bins of a logarithmic scale after the first one, which starts at 0; each bin is about twice as
 * wide as the one before.
 */
const logEdges = [
  ...[1, 2, 5, 10, 20, 30].map((minutes) => minutes * minuteMs),
  ...[1, 2, 4, 8, 16].map((hours) => hours * hourMs),
  ...[1, 2, 4, 8, 16, 32, 64, 128, 256, 512].map((days) => days * dayMs),
]

/** Bin widths that are easy to name. */
const widths = [
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * minuteMs),
  ...[1, 2, 3, 4, 6, 8, 12].map((hours) => hours * hourMs),
  ...[1, 2, 3, 5, 7, 10, 14, 30].map((days) => days * dayMs),
]
const maxLinearBins = 24

/**
 * Lower bounds of bins that cover all durations, ascending; the last bin is open-ended.
 * @param longestMs longest duration to resolve; longer ones are in the last bin.
 */
export function binEdges(scale: 'log' | 'linear', shortestMs: number, longestMs: number): number[] {
  if (scale === 'log') {
    const edges = [0, ...logEdges]
    const first = edges.findLastIndex((edge) => bucketOf(edge) <= bucketOf(shortestMs))
    const last = edges.findLastIndex((edge) => bucketOf(edge) <= bucketOf(longestMs))
    return [0, ...edges.slice(first, last + 1).filter((edge) => edge > 0)]
  }
  const width =
    widths.find((each) => longestMs / each < maxLinearBins) ?? Math.ceil(longestMs / maxLinearBins / dayMs) * dayMs
  return Array.from({ length: Math.floor(longestMs / width) + 1 }, (_, bin) => bin * width)
}

/**
 * Number of durations per bin. The histogram cannot resolve durations within 1 % of an edge: all of them count in the
 * bin that starts there.
 */
export function countedIn(edges: readonly number[], histogram: DwellHistogram): number[] {
  const { firstBucket, counts } = histogram.parts
  const begins = edges.map(bucketOf)
  const bins = edges.map(() => 0)
  let bin = 0
  for (const [i, count] of counts.entries()) {
    while (bin + 1 < begins.length && (begins[bin + 1] ?? 0) <= firstBucket + i) bin += 1
    bins[bin] = (bins[bin] ?? 0) + count
  }
  return bins
}
