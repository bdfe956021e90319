/**
 * Which of many tests tell something, so that of those that do no more than `rate` are expected to be chance: the
 * procedure of Benjamini and Hochberg. It holds for independent tests, and for those that depend on one another as tests
 * of groups against the rest do.
 *
 * Source: Y. Benjamini, Y. Hochberg, "Controlling the False Discovery Rate", Journal of the Royal Statistical Society B 57
 * (1995), 289–300.
 *
 * @param pValues one for each test that was made, also of those that tell nothing.
 * @param rate 0..1.
 * @returns the largest p that still tells something; undefined: none does.
 */
export function discoveryLimit(pValues: readonly number[], rate: number): number | undefined {
  const ascending = pValues.toSorted((a, b) => a - b)
  const last = ascending.findLastIndex((p, index) => p <= (rate * (index + 1)) / ascending.length)
  return ascending[last]
}
