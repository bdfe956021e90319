import { formatNumber } from '../../format/quantity.ts'
import { useDurationText } from '../../format/use-duration-text.ts'
import { useText } from '../../locales/use-text.ts'

const secondMs = 1_000
const minuteMs = 60 * secondMs

/** Like `useDurationText`, but with milliseconds and seconds below a minute: `12 ms`, `4.2 sec`, `35m`. */
export function useShortDuration(): (durationMs: number) => string {
  const { language } = useText()
  const long = useDurationText()
  return (durationMs) => {
    if (durationMs >= minuteMs) return long(durationMs)
    const isShort = durationMs < secondMs
    return formatNumber(isShort ? durationMs : durationMs / secondMs, language, {
      style: 'unit',
      unit: isShort ? 'millisecond' : 'second',
      unitDisplay: 'short',
      maximumFractionDigits: isShort || durationMs >= 10 * secondMs ? 0 : 1,
    })
  }
}
