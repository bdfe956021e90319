import { durationUnit, inUnit } from '../format/duration.ts'
import { formatShort } from '../format/quantity.ts'
import { useText } from '../locales/use-text.ts'

/** A duration within a sentence, in one unit: `18 分钟`, `2 h`. */
export function useSpan(): (durationMs: number) => string {
  const { t, language } = useText()
  return (durationMs) => {
    const unit = durationUnit(durationMs)
    const amount = inUnit(durationMs, unit)
    return t(`span.${unit}`, { value: formatShort(unit === 'm' ? Math.floor(amount) : amount, language) })
  }
}
