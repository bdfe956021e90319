import { falseDiscoveryRate, minTestedVisits } from '@stagewatch/shared/contract/analysis-outliers.ts'
import type { OutlierDimension, OutlierFinding } from '@stagewatch/shared/contract/analysis-outliers.ts'
import { discoveryLimit } from '@stagewatch/shared/domain/analysis/false-discovery.ts'
import { rankTest } from '@stagewatch/shared/domain/analysis/rank-test.ts'
import { DwellHistogram } from '../engine/dwell-histogram.ts'

/** The visits of a stage by one thing that they may have in common. */
export interface GroupedVisits<Stage> {
  readonly stage: Stage
  readonly dimension: OutlierDimension
  readonly dwellOf: ReadonlyMap<string, DwellHistogram>
}

export type Outlier<Stage> = Omit<OutlierFinding, 'stage' | 'stageName' | 'process'> & { readonly stage: Stage }

interface Outliers<Stage> {
  readonly tested: number
  /** Groups that were not. */
  readonly tooSmall: number
  /** Those that cost or save most first: by the difference of the medians times the visits. */
  readonly found: readonly Outlier<Stage>[]
}

/**
 * Which groups take longer or shorter than the other visits of their stage, by more than chance: of all that are found no
 * more than one in twenty is expected to be chance. Yields after each stage and dimension.
 */
export function* findOutliers<Stage>(parts: Iterable<GroupedVisits<Stage>>): Generator<void, Outliers<Stage>> {
  const tests: { readonly p: number; readonly outlier: Outlier<Stage> }[] = []
  let tooSmall = 0
  for (const part of parts) {
    const all = new DwellHistogram()
    for (const dwell of part.dwellOf.values()) all.merge(dwell)
    for (const [value, dwell] of chosenGroups(part.dwellOf)) {
      const test = testGroup(part, value, dwell, all)
      if (test === undefined) tooSmall += 1
      else tests.push(test)
    }
    yield
  }
  const limit = discoveryLimit(
    tests.map(({ p }) => p),
    falseDiscoveryRate,
  )
  const found = tests.flatMap(({ p, outlier }) =>
    limit !== undefined && p <= limit && isClear(outlier) ? outlier : [],
  )
  return { tested: tests.length, tooSmall, found: found.toSorted((a, b) => costOf(b) - costOf(a)) }
}

/** Of two groups each is the rest of the other: the one that takes longer says it all. */
function chosenGroups(dwellOf: ReadonlyMap<string, DwellHistogram>): (readonly [string, DwellHistogram])[] {
  const groups = [...dwellOf]
  if (groups.length < 2) return []
  if (groups.length > 2) return groups
  return groups.toSorted(([, a], [, b]) => medianOf(b) - medianOf(a)).slice(0, 1)
}

/** Undefined: there are too few visits, or all take equally long. */
function testGroup<Stage>(
  { stage, dimension }: GroupedVisits<Stage>,
  value: string,
  dwell: DwellHistogram,
  all: DwellHistogram,
): { readonly p: number; readonly outlier: Outlier<Stage> } | undefined {
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

/** Whether the medians differ, and to the side to which the ranks do. */
function isClear({ differenceMs, longerRatio }: Outlier<unknown>): boolean {
  return differenceMs * (longerRatio - 0.5) > 0
}

function costOf({ differenceMs, visits }: Outlier<unknown>): number {
  return Math.abs(differenceMs) * visits
}

function medianOf(dwell: DwellHistogram): number {
  return dwell.percentile(0.5) ?? 0
}
