const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

export interface DurationPart {
  readonly value: string
  readonly unit: 'm' | 'h' | 'd'
}

/** A duration as the wall writes it: `35m`, `31h 20m`, `4.6 d`. Begun minutes do not count; negative is zero. */
export function durationParts(durationMs: number): DurationPart[] {
  const ms = Math.max(0, durationMs)
  if (ms < hourMs) return [{ value: String(Math.floor(ms / minuteMs)), unit: 'm' }]
  if (ms <= 100 * hourMs) {
    const minutes = Math.floor((ms % hourMs) / minuteMs)
    return [
      { value: String(Math.floor(ms / hourMs)), unit: 'h' },
      { value: String(minutes).padStart(2, '0'), unit: 'm' },
    ]
  }
  const days = ms / dayMs
  return [{ value: days < 100 ? days.toFixed(1) : Math.floor(days).toLocaleString('en'), unit: 'd' }]
}

/** The unit in which a whole family of durations reads best, with one figure for a number and its target. */
export function durationUnit(durationMs: number): DurationPart['unit'] {
  if (durationMs < hourMs) return 'm'
  return durationMs <= 100 * hourMs ? 'h' : 'd'
}

export function inUnit(durationMs: number, unit: DurationPart['unit']): number {
  return durationMs / { m: minuteMs, h: hourMs, d: dayMs }[unit]
}

/** `3:42`, or `1:03:42` from an hour on. */
export function stopwatch(durationMs: number): string {
  const { hours, minutes, seconds } = clockParts(durationMs)
  const tail = `${hours > 0 ? String(minutes).padStart(2, '0') : minutes}:${String(seconds).padStart(2, '0')}`
  return hours > 0 ? `${hours}:${tail}` : tail
}

export function clockParts(durationMs: number): { hours: number; minutes: number; seconds: number } {
  const total = Math.floor(Math.max(0, durationMs) / 1000)
  return { hours: Math.floor(total / 3600), minutes: Math.floor(total / 60) % 60, seconds: total % 60 }
}
