import { clockParts } from '../../format/duration.ts'

export type OutageDuration = { readonly unit: 'hours' | 'minutes' | 'seconds' } & ReturnType<typeof clockParts>

/** Duration of an outage, with its largest non-zero unit. */
export function outageDuration(ageMs: number): OutageDuration {
  const parts = clockParts(ageMs)
  if (parts.hours > 0) return { unit: 'hours', ...parts }
  return { unit: parts.minutes > 0 ? 'minutes' : 'seconds', ...parts }
}
