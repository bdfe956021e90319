/** The `limit` smallest items in ascending order, without sorting the rest. */
export function smallest<T>(items: readonly T[], limit: number, compare: (a: T, b: T) => number): T[] {
  const kept: T[] = []
  for (const item of items) {
    const last = kept.at(-1)
    if (kept.length >= limit && last !== undefined && compare(item, last) >= 0) continue
    let low = 0
    let high = kept.length
    while (low < high) {
      const middle = (low + high) >>> 1
      const other = kept[middle]
      if (other !== undefined && compare(other, item) <= 0) low = middle + 1
      else high = middle
    }
    kept.splice(low, 0, item)
    if (kept.length > limit) kept.pop()
  }
  return kept
}
