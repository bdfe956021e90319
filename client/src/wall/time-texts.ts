import { timeOfDay } from '../format/clock-time.ts'
import { useText } from '../locales/use-text.ts'
import { durationUnit, inUnit } from '../format/duration.ts'
import { formatShort } from '../format/quantity.ts'

const hourMs = 3_600_000

/** `14:00` at a full hour. The hour that repeats when clocks are set back is marked. */
export function useHourLabel(timeZone: string): (at: number) => string {
  const { t } = useText()
  return (at) => {
    const time = timeOfDay(at, timeZone)
    return isRepeated(at, timeZone) ? t('matrix.repeatedHour', { time }) : time
  }
}

export function isRepeated(at: number, timeZone: string): boolean {
  return timeOfDay(at - hourMs, timeZone) === timeOfDay(at, timeZone)
}

/** A duration within a sentence, in one unit: `18 分钟`, `2 h`. */
export function useSpan(): (durationMs: number) => string {
  const { t, language } = useText()
  return (durationMs) => {
    const unit = durationUnit(durationMs)
    const amount = inUnit(durationMs, unit)
    return t(`span.${unit}`, { value: formatShort(unit === 'm' ? Math.floor(amount) : amount, language) })
  }
}
