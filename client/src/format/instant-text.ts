import { locales, type Language } from '@stagewatch/shared/domain/locales.ts'
import { useText } from '../locales/use-text.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

const dayAndTime = { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const

/** `9 Jun, 14:26`, `6月9日 14:26`, in the reader's time zone, with the year if it is not the current one. */
export function instantText(at: number, now: number, language: Language): string {
  const date = new Date(at)
  const isThisYear = date.getFullYear() === new Date(now).getFullYear()
  return date.toLocaleString(locales[language].formatTag, isThisYear ? dayAndTime : { ...dayAndTime, year: 'numeric' })
}

/** How long before `now` an instant was: `just now`, `35 min ago`, and from one day on the format of `instantText`. */
export function useAgo(): (at: number, now: number) => string {
  const { t, language } = useText()
  return (at, now) => {
    const agoMs = now - at
    if (agoMs < minuteMs) return t('desk.justNow')
    if (agoMs >= dayMs) return instantText(at, now, language)
    const relative = new Intl.RelativeTimeFormat(locales[language].formatTag, { style: 'short' })
    return agoMs < hourMs
      ? relative.format(-Math.floor(agoMs / minuteMs), 'minute')
      : relative.format(-Math.floor(agoMs / hourMs), 'hour')
  }
}
