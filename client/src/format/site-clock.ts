import { offsetIn, partsIn } from './time-zone.ts'

const dayMs = 24 * 3_600_000

/** `2026-11-26T08:15`, as a field for dates and times has it: what the clocks of a time zone show at an instant. */
export function clockTimeIn(at: number, timeZone: string): string {
  const { year, month, day, hour, minute } = partsIn(at, timeZone)
  return `${year}-${month}-${day}T${hour}:${minute}`
}

/**
 * The instant at which the clocks of a time zone show that time: the first of two, and where the clocks were set forward
 * over it, as long after the gap began. Undefined: the text is no time.
 */
export function instantIn(text: string, timeZone: string): number | undefined {
  const asUtc = Date.parse(`${text}Z`)
  if (!Number.isFinite(asUtc)) return undefined
  const candidates = [asUtc - dayMs, asUtc + dayMs].map((near) => asUtc - offsetIn(near, timeZone))
  const exact = candidates.filter((at) => clockTimeIn(at, timeZone) === text.slice(0, 16))
  return exact.length > 0 ? Math.min(...exact) : Math.max(...candidates)
}
