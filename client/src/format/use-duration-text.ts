import { useCallback } from 'react'
import { useText } from '../locales/use-text.ts'
import { durationParts } from './duration.ts'

/** `35m`, `31h 20m`, `4.6 d` as one text, see `durationParts`; the same function until the language changes. */
export function useDurationText(): (durationMs: number) => string {
  const { t, language } = useText()
  return useCallback(
    (durationMs) =>
      durationParts(durationMs, language)
        .map(({ value, unit }) => `${value}${unit === 'd' ? ' ' : ''}${t(`unit.${unit}`)}`)
        .join(' '),
    [t, language],
  )
}
