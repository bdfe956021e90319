/** Number of durations with this value. */
export interface CountedMs {
  /** Whole ms, not negative. */
  readonly ms: number
  readonly count: number
}

/**
 * Shares that differ by less are equal: it is more than accumulated rounding errors, and less than one order of 10^8.
 */
const tolerance = 1e-9

/** With fewer visits at risk a step is not meaningful: a single visit that ends alone would appear to end all. */
const minAtRisk = 5

/**
 * Percentiles of the duration of visits, some of which are still open: the age of an open visit is a lower bound of its
 * duration, so a stage in which nothing finishes does not appear fast.
 *
 * The estimator of Kaplan and Meier: S(t) = Π (1 - dᵢ / nᵢ) over all durations tᵢ ≤ t of ended visits, where dᵢ is the
 * number of visits that ended at tᵢ and nᵢ the number of visits (ended or open) observed to last at least tᵢ. The
 * percentile of `q` is the shortest t with S(t) ≤ 1 - q. Without open visits it is the nearest-rank percentile. If only
 * the visits of a span of time are included, a visit that began before the span was not observed until its age at the
 * start of the span (delayed entry). Omitting such visits would be biased: visits that ended before the span would be
 * missing, and open ones would not.
 *
 * Source: E. L. Kaplan, P. Meier, "Nonparametric Estimation from Incomplete Observations", Journal of the American
 * Statistical Association 53 (1958), 457–481; delayed entry: J. P. Klein, M. L. Moeschberger, "Survival Analysis", 4.6.
 *
 * @param ended Durations of ended visits, ascending.
 * @param open Ages of open visits, ascending.
 * @param ratios Ascending, each above 0 and at most 1.
 * @param late Ages at which late entries among the visits were first observed, ascending; each is below the duration or
 * age.
 * @returns Ms for each ratio. Undefined: too many visits are open.
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
