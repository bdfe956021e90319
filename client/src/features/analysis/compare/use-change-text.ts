import type { Comparison } from '@stagewatch/shared/contract/analysis-compare.ts'
import { formatNumber } from '../../../format/quantity.ts'
import { useAnalysisText } from '../use-analysis-text.ts'

/** Wording of a change: durations get longer, numbers and shares increase. */
export type FigureKind = 'duration' | 'share' | 'number'

/** The change of a figure as a sentence: `12 % shorter, between 5 and 18 %`. */
export function useChangeText(): (comparison: Comparison, kind: FigureKind) => string {
  const { t, language } = useAnalysisText()
  return ({ change }, kind) => {
    if (change === undefined) return t('compare.tooLittle')
    const digits = kind === 'share' ? 1 : 0
    const amount = (ratio: number): string =>
      formatNumber(100 * ratio, language, { minimumFractionDigits: digits, maximumFractionDigits: digits })
    const signed = (ratio: number): string => `${ratio < 0 ? '−' : '+'}${amount(Math.abs(ratio))}`
    const unit = kind === 'share' ? 'points' : 'percent'
    const { value, low, high } = change
    if (low <= 0 && high >= 0) return t(`compare.unclear.${unit}`, { low: signed(low), high: signed(high) })
    const ends = [Math.abs(low), Math.abs(high)].toSorted((a, b) => a - b)
    const [least = 0, most = 0] = ends
    const told = { value: amount(Math.abs(value)), low: amount(least), high: amount(most) }
    if (kind === 'duration') return t(`compare.${value < 0 ? 'shorter' : 'longer'}.percent`, told)
    return t(`compare.${value < 0 ? 'fewer' : 'more'}.${unit}`, told)
  }
}
