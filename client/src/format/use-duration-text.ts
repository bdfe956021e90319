import { useCallback } from 'react'
import { useText } from '../locales/use-text.ts'
import { durationParts } from './duration.ts'
import type { DurationPart } from './duration.ts'

const minuteMs = 60_000

/**
 * `35m`, `31h 20m`, `48h`, `4.6 d` as one text, see `durationParts`; less than a minute is `<1m`, as nothing took no time. The function is stable until the language changes.
 */
export function useDurationText(): (durationMs: number) => string {
  const { t, language } = useText()
  return useCallback(
    (durationMs) => {
      if (durationMs > 0 && durationMs < minuteMs) return `<1${t('unit.m')}`
      return withoutZero(durationParts(durationMs, language))
        .map(({ value, unit }) => `${value}${unit === 'd' ? ' ' : ''}${t(`unit.${unit}`)}`)
        .join(' ')
    },
    [t, language],
  )
}

/** Whole hours, as most limits are, are shown without minutes. */
function withoutZero(parts: readonly DurationPart[]): readonly DurationPart[] {
  return parts.length > 1 ? parts.filter(({ value }) => Number(value) !== 0) : parts
}
