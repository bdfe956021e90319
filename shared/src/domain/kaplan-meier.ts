/** How many durations of so many ms there are. */
export interface CountedMs {
  /** Whole ms, not negative. */
  readonly ms: number
  readonly count: number
}

/** Below it two shares of orders are the same: more than rounding adds up to, less than one order of 10^8. */
const tolerance = 1e-9

/**
 * Percentiles of how long visits take, when some of them go on: an open visit takes at least as long as its age, so a
 * stage in which nothing finishes does not look fast.
 *
 * The estimator of Kaplan and Meier: S(t) = Π (1 - dᵢ / nᵢ) over all durations tᵢ ≤ t of visits that ended, dᵢ of
 * them, where nᵢ visits (ended or open) lasted at least tᵢ. The percentile of `q` is the shortest t with
 * S(t) ≤ 1 - q. Without open visits it is that of the nearest rank. When the visits that ended are those of the last
 * days only, it leans to the long side: older ones that have ended are missing, older ones that go on are not.
 *
 * Source: E. L. Kaplan, P. Meier, "Nonparametric Estimation from Incomplete Observations", Journal of the American
 * Statistical Association 53 (1958), 457–481.
 *
 * @param ended durations of visits that ended, ascending.
 * @param open ages of visits that go on, ascending.
 * @param ratios ascending, each above 0 and at most 1.
 * @returns ms for each ratio; undefined: too many visits go on to tell.
 */
export function kaplanMeierPercentiles(
  ended: readonly CountedMs[],
  open: readonly CountedMs[],
  ratios: readonly number[],
): (number | undefined)[] {
  const found: number[] = []
  // Between two open ages the product is a fraction of the visits that lasted: it is multiplied anew only after one.
  let survival = 1
  let lasted = total(ended) + total(open)
  let left = lasted
  let nextOpen = 0
  for (const { ms, count } of ended) {
    let younger = 0
    for (let age = open[nextOpen]; age !== undefined && age.ms < ms; age = open[++nextOpen]) younger += age.count
    if (younger > 0) {
      survival *= left / lasted
      left -= younger
      lasted = left
    }
    left -= count
    const passed = (ratio: number): boolean => (survival * left) / lasted <= 1 - ratio + tolerance
    for (let ratio = ratios[found.length]; ratio !== undefined && passed(ratio); ratio = ratios[found.length])
      found.push(ms)
    if (found.length === ratios.length) break
  }
  return ratios.map((_, i) => found[i])
}

function total(durations: readonly CountedMs[]): number {
  return durations.reduce((sum, { count }) => sum + count, 0)
}
