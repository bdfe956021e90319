/**
 * The nearest-rank percentile of several ascending lists, without merging them. Values are integers. Undefined if all
 * lists are empty.
 */
export function nearestRank(parts: readonly Float64Array[], ratio: number): number | undefined {
  const filled = parts.filter(({ length }) => length > 0)
  if (filled.length === 0) return undefined
  const rank = rankOf(
    filled.reduce((sum, { length }) => sum + length, 0),
    ratio,
  )
  // Binary search for the smallest value that `rank` values do not exceed.
  let low = Math.min(...filled.map((part) => part[0] ?? 0))
  let high = Math.max(...filled.map((part) => part.at(-1) ?? 0))
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if (filled.reduce((sum, part) => sum + countUpTo(part, middle), 0) >= rank) high = middle
    else low = middle + 1
  }
  return low
}

/** The rank of the percentile among `count` ascending values, from 1. */
export function rankOf(count: number, ratio: number): number {
  return Math.max(1, Math.ceil(ratio * count))
}

/** Number of values in an ascending list up to the limit, inclusive. */
function countUpTo(ascending: Float64Array, limit: number): number {
  let from = 0
  let to = ascending.length
  while (from < to) {
    const middle = (from + to) >>> 1
    if ((ascending[middle] ?? 0) <= limit) from = middle + 1
    else to = middle
  }
  return from
}
