import { useText } from '../locales/use-text.ts'
import { durationParts } from './duration.ts'

/** `35m`, `31h 20m`, `4.6 d` as one text, see `durationParts`. */
export function useDurationText(): (durationMs: number) => string {
  const { t, language } = useText()
  return (durationMs) =>
    durationParts(durationMs, language)
      .map(({ value, unit }) => `${value}${unit === 'd' ? ' ' : ''}${t(`unit.${unit}`)}`)
      .join(' ')
}
