import type { HoldSpan } from '../fold-state.ts'
import type { WorkingCalendar } from './working-calendar.ts'

/**
 * Working ms from `from` to `to` outside of holds. What a hold and free time have in common is taken off once, and so
 * is what two holds have in common.
 * @param holds by ascending `from`.
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
