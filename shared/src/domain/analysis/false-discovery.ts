/**
 * Selects the significant ones of many tests, so that at most `rate` of them are expected to be chance, however the
 * tests depend on one another. Tests of one family are about the same items, each of which is part of the comparison
 * group of the others, so Bonferroni's correction is used within a family. Families may group the same items in
 * different ways, so the procedure of Benjamini and Yekutieli is applied between families, to the smallest value of
 * each.
 *
 * Sources: Y. Benjamini, D. Yekutieli, "The Control of the False Discovery Rate in Multiple Testing under Dependency",
 * Annals of Statistics 29 (2001), 1165–1188, theorem 1.3; Y. Benjamini, M. Bogomolov, "Selective Inference on Multiple
 * Families of Hypotheses", Journal of the Royal Statistical Society B 76 (2014), 297–318, for the tests within the
 * selected families.
 *
 * @param families For each family the p-values of all its tests, including insignificant ones; none is empty.
 * @param rate 0..1.
 * @returns For each family the largest p-value that is still significant. Undefined: no test of any family is
 * significant.
 */
export function discoveryLimits(families: readonly (readonly number[])[], rate: number): readonly number[] | undefined {
  const smallest = families.map((pValues) => Math.min(...pValues) * pValues.length).toSorted((a, b) => a - b)
  const harmonic = smallest.reduce((sum, _, index) => sum + 1 / (index + 1), 0)
  const limitOf = (chosen: number): number => (rate * chosen) / (smallest.length * harmonic)
  const chosen = 1 + smallest.findLastIndex((p, index) => p <= limitOf(index + 1))
  return chosen === 0 ? undefined : families.map((pValues) => limitOf(chosen) / pValues.length)
}
