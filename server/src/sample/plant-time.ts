export const secondMs = 1000
export const minuteMs = 60 * secondMs
export const hourMs = 60 * minuteMs
export const dayMs = 24 * hourMs

/** Shanghai has no daylight saving time, so local time is plain arithmetic. */
const offsetMs = 8 * hourMs
const shiftMs = 8 * hourMs
const shifts = ['night', 'day', 'evening'] as const

export type Shift = (typeof shifts)[number]

export function shiftAt(instant: number): Shift {
  return shifts[Math.floor((instant - startOfDay(instant)) / shiftMs)] ?? 'night'
}

export function nextShiftAt(instant: number): number {
  return instant + shiftMs - ((instant + offsetMs) % shiftMs)
}

/** Start of the plant's calendar day. */
export function startOfDay(instant: number): number {
  return instant - ((instant + offsetMs) % dayMs)
}

export function isWeekend(instant: number): boolean {
  const weekday = new Date(instant + offsetMs).getUTCDay()
  return weekday === 0 || weekday === 6
}

/** The plant's calendar date as `260604`. */
export function shortDate(instant: number): string {
  return new Date(instant + offsetMs).toISOString().slice(2, 10).replaceAll('-', '')
}
