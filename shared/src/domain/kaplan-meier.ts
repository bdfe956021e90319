/** How many durations of so many ms there are. */
export interface CountedMs {
  /** Whole ms, not negative. */
  readonly ms: number
  readonly count: number
}

/** Below it two shares of orders are the same: more than rounding adds up to, less than one order of 10^8. */
const tolerance = 1e-9

/** With fewer at risk a step says nothing: one visit that ends alone would seem to end all. */
const minAtRisk = 5

/**
 * Percentiles of how long visits take, when some of them go on: an open visit takes at least as long as its age, so a
 * stage in which nothing finishes does not look fast.
 *
 * The estimator of Kaplan and Meier: S(t) = Π (1 - dᵢ / nᵢ) over all durations tᵢ ≤ t of visits that ended, dᵢ of
 * them, where nᵢ visits (ended or open) were seen to last at least tᵢ. The percentile of `q` is the shortest t with
 * S(t) ≤ 1 - q. Without open visits it is that of the nearest rank. When the visits are those of a span of time only,
 * a visit that began before it was not seen when it was younger than at the beginning of the span (delayed entry):
 * left out, visits that ended earlier would be missing, and those that go on would not.
 *
 * Source: E. L. Kaplan, P. Meier, "Nonparametric Estimation from Incomplete Observations", Journal of the American
 * Statistical Association 53 (1958), 457–481; delayed entry: J. P. Klein, M. L. Moeschberger, "Survival Analysis", 4.6.
 *
 * @param ended durations of visits that ended, ascending.
 * @param open ages of visits that go on, ascending.
 * @param ratios ascending, each above 0 and at most 1.
 * @param late ages from which on visits among them were seen, ascending; each below the duration or the age.
 * @returns ms for each ratio; undefined: too many visits go on to tell.
 */
export function kaplanMeierPercentiles(
  ended: readonly CountedMs[],
  open: readonly CountedMs[],
  ratios: readonly number[],
  late: readonly CountedMs[] = [],
): (number | undefined)[] {
  const found: number[] = []
  let survival = 1
  let atRisk = total(ended) + total(open) - total(late)
  let nextOpen = 0
  let nextLate = 0
  for (const { ms, count } of ended) {
    for (let entry = late[nextLate]; entry !== undefined && entry.ms < ms; entry = late[++nextLate])
      atRisk += entry.count
    for (let age = open[nextOpen]; age !== undefined && age.ms < ms; age = open[++nextOpen]) atRisk -= age.count
    if (late.length === 0 || atRisk >= minAtRisk) survival *= (atRisk - count) / atRisk
    atRisk -= count
    for (let ratio = ratios[found.length]; ratio !== undefined && survival <= 1 - ratio + tolerance;)
      ratio = ratios[found.push(ms)]
    if (found.length === ratios.length) break
  }
  return ratios.map((_, i) => found[i])
}

function total(durations: readonly CountedMs[]): number {
  return durations.reduce((sum, { count }) => sum + count, 0)
}
