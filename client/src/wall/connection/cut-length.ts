import { clockParts } from '../../format/duration.ts'

export type CutLength = { readonly unit: 'hours' | 'minutes' | 'seconds' } & ReturnType<typeof clockParts>

/** How long the line has been cut, with the largest unit that says something. */
export function cutLength(ageMs: number): CutLength {
  const parts = clockParts(ageMs)
  if (parts.hours > 0) return { unit: 'hours', ...parts }
  return { unit: parts.minutes > 0 ? 'minutes' : 'seconds', ...parts }
}
