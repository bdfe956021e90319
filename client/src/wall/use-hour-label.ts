import { timeOfDay } from '../format/clock-time.ts'
import { useText } from '../locales/use-text.ts'

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
