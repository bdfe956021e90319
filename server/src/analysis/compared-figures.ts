import type { Comparison } from '@stagewatch/shared/contract/analysis-compare.ts'
import { medianDifference, ratioDifference } from '@stagewatch/shared/domain/analysis/period-difference.ts'
import type { DayRatio, Paired, PeriodDifference } from '@stagewatch/shared/domain/analysis/period-difference.ts'
import type { CountedMs } from '@stagewatch/shared/domain/kaplan-meier.ts'

/** Values for each pair of days. */
export type PairedDays<T> = readonly Paired<T>[]

/** With fewer durations on either side, no change is reported. */
const minCount = 30
/** A share with fewer visits than this cannot be distinguished from chance. */
const minOfShare = 5

/** The durations of one day. */
export interface DayDurations {
  /** Ascending, accurate to within 0.8 %. */
  readonly durations: readonly CountedMs[]
  /** Exact. */
  readonly count: number
  readonly sumMs: number
}

/** Median and mean of durations. */
export function* compareDurations(
  all: PairedDays<DayDurations>,
  random: () => number,
): Generator<void, { readonly medianMs: Comparison; readonly meanMs: Comparison }> {
  const days = all.map(({ before, after }) => ({ before: before.durations, after: after.durations }))
  const sums = all.map(({ before, after }) => ({ before: sumOf(before), after: sumOf(after) }))
  const counts = countsOf(sums)
  const median = hasEnough(counts) ? yield* medianDifference(days, random) : undefined
  const mean = hasEnough(counts) ? ratioDifference(sums, 'relative') : undefined
  return {
    medianMs: {
      ...counts,
      ...comparisonOf({ before: medianOf(days, 'before'), after: medianOf(days, 'after') }, median),
    },
    meanMs: { ...counts, ...comparisonOf(ratiosOf(sums), mean) },
  }
}

/** @param parts the part of each of the `wholes`. */
export function compareShares(parts: PairedDays<number>, wholes: PairedDays<number>): Comparison {
  const days = parts.map(({ before, after }, i) => ({
    before: { part: before, whole: wholes[i]?.before ?? 0 },
    after: { part: after, whole: wholes[i]?.after ?? 0 },
  }))
  const counts = countsOf(days)
  const total = days.reduce((sum, { before, after }) => sum + before.part + after.part, 0)
  const rest = counts.countBefore + counts.countAfter - total
  const isReportable = hasEnough(counts) && total >= minOfShare && rest >= minOfShare
  return { ...counts, ...comparisonOf(ratiosOf(days), isReportable ? ratioDifference(days, 'points') : undefined) }
}

/** Numbers per day. */
export function compareRates(numbers: PairedDays<number>): Comparison {
  const days = numbers.map(({ before, after }) => ({
    before: { part: before, whole: 1 },
    after: { part: after, whole: 1 },
  }))
  const sum = (side: 'before' | 'after'): number => numbers.reduce((total, pair) => total + pair[side], 0)
  const counts = { countBefore: sum('before'), countAfter: sum('after') }
  return {
    ...counts,
    ...comparisonOf(ratiosOf(days), hasEnough(counts) ? ratioDifference(days, 'relative') : undefined),
  }
}

type Counts = Pick<Comparison, 'countBefore' | 'countAfter'>

function hasEnough({ countBefore, countAfter }: Counts): boolean {
  return Math.min(countBefore, countAfter) >= minCount
}

function countsOf(days: PairedDays<DayRatio>): Counts {
  const sum = (side: 'before' | 'after'): number => days.reduce((total, pair) => total + pair[side].whole, 0)
  return { countBefore: sum('before'), countAfter: sum('after') }
}

function comparisonOf(
  { before, after }: Partial<Paired<number | undefined>>,
  difference: PeriodDifference | undefined,
): Omit<Comparison, keyof Counts> {
  return {
    ...(before !== undefined && { before }),
    ...(after !== undefined && { after }),
    ...(difference && { change: { value: difference.change, low: difference.low, high: difference.high } }),
  }
}

function ratiosOf(days: PairedDays<DayRatio>): Paired<number | undefined> {
  const ratio = (side: 'before' | 'after'): number | undefined => {
    const part = days.reduce((total, pair) => total + pair[side].part, 0)
    const whole = days.reduce((total, pair) => total + pair[side].whole, 0)
    return whole === 0 ? undefined : part / whole
  }
  return { before: ratio('before'), after: ratio('after') }
}

function sumOf({ sumMs, count }: DayDurations): DayRatio {
  return { part: sumMs, whole: count }
}

/** Nearest-rank median of all days of one side. */
function medianOf(days: PairedDays<readonly CountedMs[]>, side: 'before' | 'after'): number | undefined {
  const all = days.flatMap((pair) => pair[side]).toSorted((a, b) => a.ms - b.ms)
  const rank = Math.ceil(all.reduce((sum, { count }) => sum + count, 0) / 2)
  let passed = 0
  return all.find(({ count }) => (passed += count) >= rank)?.ms
}
