import { offsetIn, partsIn } from './time-zone.ts'

const dayMs = 24 * 3_600_000

/** `2026-11-26T08:15`, the local time of an instant in a time zone, in the format of a `datetime-local` input. */
export function clockTimeIn(at: number, timeZone: string): string {
  const { year, month, day, hour, minute } = partsIn(at, timeZone)
  return `${year}-${month}-${day}T${hour}:${minute}`
}

/**
 * The instant of a local time in a time zone. If the local time occurs twice, the first one; if the clocks skip it, the
 * instant equally long after the start of the gap. Undefined if the text is not a time.
 */
export function instantIn(text: string, timeZone: string): number | undefined {
  const asUtc = Date.parse(`${text}Z`)
  if (!Number.isFinite(asUtc)) return undefined
  const candidates = [asUtc - dayMs, asUtc + dayMs].map((near) => asUtc - offsetIn(near, timeZone))
  const exact = candidates.filter((at) => clockTimeIn(at, timeZone) === text.slice(0, 16))
  return exact.length > 0 ? Math.min(...exact) : Math.max(...candidates)
}
