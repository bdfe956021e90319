import { durationToType, parseDuration } from '../../format/typed-duration.ts'
import { formatPercent } from '../../format/quantity.ts'
import { useText } from '../../locales/use-text.ts'
import type { ReadText } from './use-committed-text.ts'

interface DurationRules {
  /** Whether an empty field means "none". */
  readonly mayBeEmpty: boolean
  /** Whether a duration of zero is valid. */
  readonly mayBeZero?: boolean
}

/** Parsers and formatters for durations and percentages, with errors in the page's language. */
export function useReaders() {
  const { t, language } = useText()
  return {
    /** `6h`, `1h 30 min`; elapsed time also in days. */
    durationText: (durationMs: number | undefined, inDays = false): string =>
      durationMs === undefined
        ? ''
        : durationToType(durationMs, { inDays })
            .map(({ value, unit }) => t(`processes.unit.${unit}`, { value }))
            .join(' '),
    readDuration: (text: string, { mayBeEmpty, mayBeZero = false }: DurationRules): ReadText<number | undefined> => {
      const result = parseDuration(text)
      if ('ms' in result) return { value: result.ms }
      if (result.problem === 'empty' && mayBeEmpty) return { value: undefined }
      if (mayBeZero && (result.problem === 'zero' || text.trim() === '0')) return { value: 0 }
      return { error: t(`processes.duration.${result.problem}`) }
    },
    percentText: (ratio: number | undefined): string => (ratio === undefined ? '' : formatPercent(ratio, language)),
    readPercent: (text: string, mayBeEmpty = false): ReadText<number | undefined> => {
      const words = text.normalize('NFKC').trim().replace(/%$/, '').trim().replace(',', '.')
      if (words === '' && mayBeEmpty) return { value: undefined }
      const percent = /^\d+(?:\.\d+)?$/.test(words) ? Number(words) : Number.NaN
      if (!(percent >= 0 && percent <= 100)) return { error: t('processes.percentWrong') }
      return { value: Math.round(percent * 10) / 1_000 }
    },
    readCount: (text: string): ReadText<number | undefined> => {
      const words = text.normalize('NFKC').trim()
      if (words === '') return { value: undefined }
      return /^\d{1,9}$/.test(words) ? { value: Number(words) } : { error: t('processes.countWrong') }
    },
  }
}
