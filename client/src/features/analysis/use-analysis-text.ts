import { locales } from '@stagewatch/shared/domain/locales.ts'
import { useDurationText } from '../../format/use-duration-text.ts'
import { formatCount, formatShare, formatShort, missing, withPercentSign } from '../../format/quantity.ts'
import { useText } from '../../locales/use-text.ts'
import type { TimeDimension, TimeRow } from '@stagewatch/shared/contract/analysis.ts'

const secondMs = 1_000
const minuteMs = 60 * secondMs
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs
const spanDaysFromMs = 4 * dayMs
/** A Monday; names of weekdays are formatted from it and the days after it. */
const someMonday = Date.UTC(2024, 0, 1)

/** `useText` with formatters for the numbers of this page; unknown values become a dash. */
export function useAnalysisText() {
  const { t, language, nameOf } = useText()
  const durationText = useDurationText()
  return {
    t,
    language,
    nameOf,
    count: (value: number) => formatCount(value, language),
    duration: (ms: number | undefined): string => (ms === undefined ? missing : durationText(ms)),
    /** With seconds below a minute: `12 s`. */
    delay: (ms: number | undefined): string => {
      if (ms === undefined) return missing
      return ms < minuteMs ? t('span.s', { value: Math.round(ms / secondMs) }) : durationText(ms)
    },
    /** A sum of many durations: `1,486 h`. */
    hours: (ms: number): string => `${formatShort(ms / hourMs, language)} ${t('unit.h')}`,
    /** A round length of time: `2 h`. */
    span: (ms: number): string => {
      if (ms < hourMs) return t('span.m', { value: ms / minuteMs })
      if (ms < spanDaysFromMs) return t('span.h', { value: ms / hourMs })
      return t('span.d', { value: formatShort(ms / dayMs, language) })
    },
    share: (part: number, total: number): string =>
      total === 0 ? missing : withPercentSign(formatShare(part, total, language), language),
    /** @param day 1 (Monday)..7. */
    weekday: (day: number, style: 'short' | 'long'): string =>
      new Intl.DateTimeFormat(locales[language].formatTag, { weekday: style, timeZone: 'UTC' }).format(
        someMonday + (day - 1) * dayMs,
      ),
  }
}

/** Returns the name of a row of a dimension, as people read it. */
export function useRowName(dimension: TimeDimension): (row: Pick<TimeRow, 'key' | 'name'>) => string {
  const { t, nameOf, weekday } = useAnalysisText()
  return ({ key, name }) => {
    if (dimension === 'stage') return nameOf(name)
    if (key === 'earlier') return t('analysis.time.earlier')
    if (dimension === 'weekday') return weekday(Number(key), 'long')
    if (dimension === 'hourOfDay') return `${key.padStart(2, '0')}:00`
    return key === '' ? t('filters.unnamed') : nameOf(name)
  }
}
