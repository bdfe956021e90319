import type { Language } from '@stagewatch/shared/domain/locales.ts'
import { formatDigits, formatShort, formatTenths } from './quantity.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

export interface DurationPart {
  readonly value: string
  readonly unit: 'm' | 'h' | 'd'
}

/**
 * A duration as the wall shows it: `35m`, `31h 20m`, `4.6d`. The units come from the locale files. Minutes are rounded
 * down; a negative duration is zero.
 */
export function durationParts(durationMs: number, language: Language): DurationPart[] {
  const ms = Math.max(0, durationMs)
  if (ms < hourMs) return [{ value: formatShort(Math.floor(ms / minuteMs), language), unit: 'm' }]
  if (ms <= 100 * hourMs) {
    const minutes = Math.floor((ms % hourMs) / minuteMs)
    return [
      { value: formatShort(Math.floor(ms / hourMs), language), unit: 'h' },
      { value: formatDigits(minutes, 2, language), unit: 'm' },
    ]
  }
  const days = ms / dayMs
  return [{ value: days < 100 ? formatTenths(days, language) : formatShort(Math.floor(days), language), unit: 'd' }]
}

/** The unit in which a group of durations reads best, so that a number and its target share it. */
export function durationUnit(durationMs: number): DurationPart['unit'] {
  if (durationMs < hourMs) return 'm'
  return durationMs <= 100 * hourMs ? 'h' : 'd'
}

export function inUnit(durationMs: number, unit: DurationPart['unit']): number {
  return durationMs / { m: minuteMs, h: hourMs, d: dayMs }[unit]
}

/** `3:42`, or `1:03:42` from one hour on. */
export function stopwatch(durationMs: number): string {
  const { hours, minutes, seconds } = clockParts(durationMs)
  const tail = `${hours > 0 ? String(minutes).padStart(2, '0') : minutes}:${String(seconds).padStart(2, '0')}`
  return hours > 0 ? `${hours}:${tail}` : tail
}

export function clockParts(durationMs: number): { hours: number; minutes: number; seconds: number } {
  const total = Math.floor(Math.max(0, durationMs) / 1000)
  return { hours: Math.floor(total / 3600), minutes: Math.floor(total / 60) % 60, seconds: total % 60 }
}
