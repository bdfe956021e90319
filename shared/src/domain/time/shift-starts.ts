import type { CalendarDefinition } from './calendar-definition.ts'
import { shiftsNear } from './compile-calendar.ts'
import { dayMs } from './local-date.ts'

/** People come back from a break of this length or less; after a longer one, others have come or another day has begun. */
const maxBreakMs = 2 * 3_600_000
/** Further back than a plant stands still. */
const lookBackMs = 60 * dayMs
/** On the day on which clocks are set forward, around the clock is an hour less. */
const aroundTheClockMs = 23 * 3_600_000

/** Instants, epoch ms. */
export interface ShiftStarts {
  /** When the shift began that goes on; outside of working time the last one. */
  readonly current: number
  /** When the one before it began. */
  readonly previous: number
  /** When the next one begins; undefined: none is known. */
  readonly next: number | undefined
}

/**
 * When the shifts of a calendar begin around an instant. A shift that follows another one without a gap is a shift of its
 * own; one that follows after a break goes on. Undefined: work goes on around the clock, or there is none for months.
 */
export function shiftStarts(definition: CalendarDefinition, at: number): ShiftStarts | undefined {
  const shifts = shiftsNear(definition, at - lookBackMs, at + lookBackMs)
    .filter(({ start, end }) => end > start && end - start < aroundTheClockMs)
    .toSorted((a, b) => a.start - b.start)
  const starts: number[] = []
  let lastEnd = -Infinity
  for (const { start, end } of shifts) {
    const breakMs = start - lastEnd
    if (!(breakMs > 0 && breakMs <= maxBreakMs) && start !== starts.at(-1)) starts.push(start)
    lastEnd = Math.max(lastEnd, end)
  }
  const place = starts.findLastIndex((start) => start <= at)
  const [current, previous] = [starts[place], starts[place - 1]]
  return current === undefined || previous === undefined ? undefined : { current, previous, next: starts[place + 1] }
}
