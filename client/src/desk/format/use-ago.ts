import { durationParts } from '../../format/duration.ts'
import { useText } from '../../text/use-text.ts'
import { instantText } from './instant-text.ts'

const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs

/** `just now`, `35m ago`, `9 Jun 14:26`: how long before `now` an instant lies. */
export function useAgo(): (at: number, now: number) => string {
  const { t, language } = useText()
  return (at, now) => {
    const agoMs = now - at
    if (agoMs < minuteMs) return t('desk.justNow')
    if (agoMs >= dayMs) return instantText(at, now, language)
    const duration = durationParts(agoMs).map(({ value, unit }) => value + t(`unit.${unit}`))
    return t('desk.ago', { duration: duration.join(' ') })
  }
}
