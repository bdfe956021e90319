import { maxStages } from './visit-columns.ts'
import { epochHour } from './stage-hours.ts'
import type { TalliedVisit } from './visit-tally.ts'

/** So many are put in order at once. */
export const maxOrdered = 1 << 15
/** Hours since 1970 whose distance is less than this are put in order, which are the years up to 3883. */
const hoursRange = 1 << 24

/** Whether `countingOrder` has a place for the visit. */
export function isOrdered({ leftAt }: Pick<TalliedVisit, 'leftAt'>): boolean {
  const hour = epochHour(leftAt)
  return hour >= -hoursRange && hour < hoursRange
}

/**
 * Visits by stage, then by the hour in which they were left, so that those that count in one cell follow one another.
 * What a cell consists of lies all over memory, and reaching it takes most of the time of counting a single visit.
 * @param visits at most `maxOrdered`, of which each `isOrdered`.
 */
export function countingOrder<T extends Pick<TalliedVisit, 'stage' | 'leftAt'>>(visits: readonly T[]): T[] {
  if (visits.length > maxOrdered)
    throw new RangeError(`${visits.length} visits are too many to be put in order at once`)
  // Stage, hour and place are one number, of 13, 25 and 15 bits: numbers are sorted many times faster than objects.
  const keys = new Float64Array(visits.length)
  for (const [place, { stage, leftAt }] of visits.entries()) {
    if (stage >= maxStages) throw new RangeError(`stage ${stage} is beyond the ${maxStages} that can be put in order`)
    keys[place] = (stage * 2 * hoursRange + epochHour(leftAt) + hoursRange) * maxOrdered + place
  }
  const ordered: T[] = []
  for (const key of keys.toSorted()) {
    // To divide with a remainder takes several times as long.
    const visit = visits[key - Math.floor(key / maxOrdered) * maxOrdered]
    if (visit !== undefined) ordered.push(visit)
  }
  return ordered
}
