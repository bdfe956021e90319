import type { CountedMs } from '../kaplan-meier.ts'
import { normalTail } from './normal-tail.ts'

export interface RankTest {
  /** Two-sided p-value: the probability of ranks this different if the durations do not differ, 0..1. */
  readonly p: number
  /**
   * Probability that a duration of the group is longer than one of the rest, ties counted half, 0..1; 0.5: no
   * difference.
   */
  readonly longerRatio: number
}

/**
 * The rank-sum test of Wilcoxon, Mann and Whitney: whether durations of a group are longer or shorter than those of the
 * rest. It uses only their order, so a few very long ones have no undue influence. Ties share their mean rank; with 20
 * or more on each side the normal distribution is close to the exact one.
 *
 * Source: E. L. Lehmann, "Nonparametrics: Statistical Methods Based on Ranks", 1.2 and 1.4.
 *
 * @param group Durations of the group, ascending.
 * @param rest Durations of all others, ascending.
 * @returns Undefined if one of them is empty, or if all durations are equal.
 */
export function rankTest(group: readonly CountedMs[], rest: readonly CountedMs[]): RankTest | undefined {
  const groupSize = totalOf(group)
  const restSize = totalOf(rest)
  const size = groupSize + restSize
  // Pairs in which the group's duration is longer, ties counted half; and Σ (t³ - t) over ties of t durations.
  let longer = 0
  let ties = 0
  let restBelow = 0
  for (let i = 0, j = 0; i < group.length || j < rest.length;) {
    const ms = Math.min(group[i]?.ms ?? Infinity, rest[j]?.ms ?? Infinity)
    const ofGroup = group[i]?.ms === ms ? (group[i++]?.count ?? 0) : 0
    const ofRest = rest[j]?.ms === ms ? (rest[j++]?.count ?? 0) : 0
    longer += ofGroup * (restBelow + ofRest / 2)
    restBelow += ofRest
    const tied = ofGroup + ofRest
    ties += tied ** 3 - tied
  }
  const pairs = groupSize * restSize
  const variance = (pairs / 12) * (size + 1 - ties / (size * (size - 1)))
  if (pairs === 0 || !(variance > 0)) return undefined
  // Continuity correction of half a pair: rank sums are discrete, the normal distribution is not.
  const distance = Math.max(0, Math.abs(longer - pairs / 2) - 0.5)
  return { p: Math.min(1, 2 * normalTail(distance / Math.sqrt(variance))), longerRatio: longer / pairs }
}

function totalOf(durations: readonly CountedMs[]): number {
  return durations.reduce((sum, { count }) => sum + count, 0)
}

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
