import type { HoldSpan } from '../fold-state.ts'
import type { WorkingCalendar } from './working-calendar.ts'

/**
 * Working ms from `from` to `to` outside of holds. Time off during a hold is subtracted only once, and so is the
 * overlap of two holds.
 * @param holds Ascending by `from`.
 */
export function workedBetweenHolds(
  calendar: WorkingCalendar,
  from: number,
  to: number,
  holds: readonly HoldSpan[],
): number {
  let workedMs = 0
  let since = from
  for (const hold of holds) {
    workedMs += calendar.workingMs(since, Math.min(hold.from, to))
    since = Math.max(since, hold.to)
  }
  return workedMs + calendar.workingMs(since, to)
}
