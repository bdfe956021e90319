import { falseDiscoveryRate, minTestedVisits } from '@stagewatch/shared/contract/analysis-outliers.ts'
import type { OutlierDimension, OutlierFinding } from '@stagewatch/shared/contract/analysis-outliers.ts'
import { discoveryLimits, rankTest } from '@stagewatch/shared/domain/analysis/significance.ts'
import { DwellHistogram } from '../engine/dwell-histogram.ts'

/** The visits of a stage, grouped by one attribute. */
export interface GroupedVisits<Stage> {
  readonly stage: Stage
  readonly dimension: OutlierDimension
  readonly dwellOf: ReadonlyMap<string, DwellHistogram>
}

export type Outlier<Stage> = Omit<OutlierFinding, 'stage' | 'stageName' | 'process'> & { readonly stage: Stage }

interface GroupTest<Stage> {
  readonly p: number
  readonly outlier: Outlier<Stage>
}

interface Outliers<Stage> {
  readonly tested: number
  /** Groups that were too small to test. */
  readonly tooSmall: number
  /** Ordered by total time lost or saved: the difference of the medians times the number of visits. */
  readonly found: readonly Outlier<Stage>[]
}

/**
 * Finds groups whose visits take significantly longer or shorter than the other visits of their stage. The expected
 * share of false discoveries is at most one in twenty. Yields after each stage and dimension.
 */
export function* findOutliers<Stage>(parts: Iterable<GroupedVisits<Stage>>): Generator<void, Outliers<Stage>> {
  const families: GroupTest<Stage>[][] = []
  let tooSmall = 0
  for (const part of parts) {
    const all = new DwellHistogram()
    for (const dwell of part.dwellOf.values()) all.merge(dwell)
    const tests: GroupTest<Stage>[] = []
    for (const [value, dwell] of chosenGroups(part.dwellOf)) {
      const test = testGroup(part, value, dwell, all)
      if (test === undefined) tooSmall += 1
      else tests.push(test)
    }
    if (tests.length > 0) families.push(tests)
    yield
  }
  const limits = discoveryLimits(
    families.map((tests) => tests.map(({ p }) => p)),
    falseDiscoveryRate,
  )
  const found = families.flatMap((tests, family) => {
    const limit = limits?.[family]
    return tests.flatMap(({ p, outlier }) => (limit !== undefined && p <= limit && isClear(outlier) ? outlier : []))
  })
  return { tested: families.flat().length, tooSmall, found: found.toSorted((a, b) => costOf(b) - costOf(a)) }
}

/** With only two groups, each is the complement of the other, so only the slower one is tested. */
function chosenGroups(dwellOf: ReadonlyMap<string, DwellHistogram>): (readonly [string, DwellHistogram])[] {
  const groups = [...dwellOf]
  if (groups.length < 2) return []
  if (groups.length > 2) return groups
  return groups.toSorted(([, a], [, b]) => medianOf(b) - medianOf(a)).slice(0, 1)
}

/** Undefined if there are too few visits, or if all take equally long. */
function testGroup<Stage>(
  { stage, dimension }: GroupedVisits<Stage>,
  value: string,
  dwell: DwellHistogram,
  all: DwellHistogram,
): GroupTest<Stage> | undefined {
  if (Math.min(dwell.count, all.count - dwell.count) < minTestedVisits) return undefined
  const rest = new DwellHistogram()
  rest.merge(all)
  rest.subtract(dwell)
  const test = rankTest(dwell.durations, rest.durations)
  if (test === undefined) return undefined
  const [medianMs, otherMedianMs] = [medianOf(dwell), medianOf(rest)]
  return {
    p: test.p,
    outlier: {
      stage,
      dimension,
      value,
      visits: dwell.count,
      otherVisits: rest.count,
      medianMs,
      otherMedianMs,
      differenceMs: medianMs - otherMedianMs,
      longerRatio: test.longerRatio,
    },
  }
}

/** Whether the medians differ, and in the same direction as the ranks. */
function isClear({ differenceMs, longerRatio }: Outlier<unknown>): boolean {
  return differenceMs * (longerRatio - 0.5) > 0
}

function costOf({ differenceMs, visits }: Outlier<unknown>): number {
  return Math.abs(differenceMs) * visits
}

function medianOf(dwell: DwellHistogram): number {
  return dwell.percentile(0.5) ?? 0
}
