import { dayMs } from './time/local-date.ts'
import { firstInstantOf, zoneOffsets } from './time/zone-offsets.ts'

/** When a person does not want to be notified, in their time zone. Times are `HH:MM`, days 1 (Monday) to 7. */
export interface QuietTimes {
  readonly from: string
  /** If not after `from`: on the next day. */
  readonly to: string
  /** The days on which they begin. */
  readonly days: readonly number[]
}

/** End of the quiet hours that contain the instant, epoch ms. Undefined: none do. @param timeZone IANA name. */
export function quietUntil({ from, to, days }: QuietTimes, timeZone: string, at: number): number | undefined {
  const spans = zoneOffsets(timeZone, at - 3 * dayMs, at + 3 * dayMs)
  const minutesOf = (time: string) => Date.parse(`1970-01-01T${time}Z`)
  const lengthDays = to <= from ? 1 : 0
  // By the day on which they begin: yesterday's may last into today. One more on each side covers every time zone.
  const today = Math.floor(at / dayMs) * dayMs
  let until: number | undefined
  for (let day = today - 2 * dayMs; day <= today + dayMs; day += dayMs) {
    if (!days.includes(new Date(day).getUTCDay() || 7)) continue
    const begin = firstInstantOf(spans, day + minutesOf(from))
    const end = firstInstantOf(spans, day + lengthDays * dayMs + minutesOf(to))
    if (begin <= at && at < end) until = Math.max(until ?? end, end)
  }
  return until
}
