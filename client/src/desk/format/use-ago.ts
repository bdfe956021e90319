import { useText } from '../../text/use-text.ts'
import { instantText } from './instant-text.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

/** `just now`, `35 min ago`, `9 Jun 14:26`: how long before `now` an instant lies. */
export function useAgo(): (at: number, now: number) => string {
  const { t, language } = useText()
  return (at, now) => {
    const agoMs = now - at
    if (agoMs < minuteMs) return t('desk.justNow')
    if (agoMs >= dayMs) return instantText(at, now, language)
    const unit = agoMs < hourMs ? 'm' : 'h'
    const value = Math.floor(agoMs / (unit === 'm' ? minuteMs : hourMs))
    return t('desk.ago', { duration: t(`span.${unit}`, { value }) })
  }
}
