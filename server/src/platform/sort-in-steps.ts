/** Number of items that are sorted at once or merged per step: some hundred µs. */
const stepLength = 512

/** Sorts like `toSorted`, in steps for `inSlices`, because a million items at once would block everything else. */
export function* sortInSteps<T>(items: readonly T[], compare: (a: T, b: T) => number): Generator<void, readonly T[]> {
  let runs: T[][] = []
  for (let start = 0; start < items.length; start += stepLength) {
    runs.push(items.slice(start, start + stepLength).toSorted(compare))
    yield
  }
  while (runs.length > 1) {
    const merged: T[][] = []
    for (let i = 0; i < runs.length; i += 2) {
      const [left = [], right = []] = [runs[i], runs[i + 1]]
      merged.push(yield* merge(left, right, compare))
    }
    runs = merged
  }
  return runs[0] ?? []
}

function* merge<T>(left: readonly T[], right: readonly T[], compare: (a: T, b: T) => number): Generator<void, T[]> {
  const merged: T[] = []
  let [l, r] = [0, 0]
  while (l < left.length || r < right.length) {
    const [a, b] = [left[l], right[r]]
    // Stable: of two equal items, the left one came first.
    const takesLeft = r >= right.length || (l < left.length && compare(a as T, b as T) <= 0)
    merged.push((takesLeft ? a : b) as T)
    if (takesLeft) l += 1
    else r += 1
    if (merged.length % stepLength === 0) yield
  }
  return merged
}
