import { shortDate } from '../../format/clock-time.ts'
import { useDurationText } from '../../format/use-duration-text.ts'
import { useText } from '../../locales/use-text.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs

/** `useText` with formatters for the texts of this page. */
export function useOverviewText() {
  const { t, language, nameOf } = useText()
  const duration = useDurationText()
  /** A round length of time: `2 h`. */
  const span = (durationMs: number): string =>
    durationMs < hourMs
      ? t('span.m', { value: Math.round(durationMs / minuteMs) })
      : t('span.h', { value: Math.round((durationMs / hourMs) * 10) / 10 })
  const shortDay = (at: number, timeZone: string): string => shortDate(at, timeZone, language)
  return { t, language, nameOf, duration, span, shortDay }
}
