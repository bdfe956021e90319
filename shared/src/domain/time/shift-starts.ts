import type { CalendarDefinition } from './calendar-definition.ts'
import { shiftsNear } from './compile-calendar.ts'
import { dayMs } from './local-date.ts'

/**
 * After a break of this length or less the same shift continues; after a longer one, a new shift or another day has
 * begun.
 */
const maxBreakMs = 2 * 3_600_000
/** Longer than any shutdown of a plant. */
const lookBackMs = 60 * dayMs
/** On the day on which clocks are set forward, around the clock is one hour less. */
const aroundTheClockMs = 23 * 3_600_000

/** Instants, epoch ms. */
export interface ShiftStarts {
  /** Start of the current shift or, outside of working time, of the last one. */
  readonly current: number
  /** Start of the preceding shift. */
  readonly previous: number
  /** Start of the next shift. Undefined: none is known. */
  readonly next: number | undefined
}

/** From its first to its last working instant, breaks included; epoch ms, `end` not included. */
export interface ShiftSpan {
  readonly start: number
  readonly end: number
}

/** Undefined: there is none within 60 days. */
export interface ShiftsAround {
  /** The last one that has ended. */
  readonly ended?: ShiftSpan
  /** The one that goes on. */
  readonly current?: ShiftSpan
  /** The first one that has not begun. */
  readonly next?: ShiftSpan
}

/**
 * Starts of the shifts of a calendar around an instant, see `shiftSpans`. Undefined: work is around the clock, or there is
 * none for months.
 */
export function shiftStarts(definition: CalendarDefinition, at: number): ShiftStarts | undefined {
  const starts = shiftSpans(definition, at - lookBackMs, at + lookBackMs).map(({ start }) => start)
  const place = starts.findLastIndex((start) => start <= at)
  const [current, previous] = [starts[place], starts[place - 1]]
  return current === undefined || previous === undefined ? undefined : { current, previous, next: starts[place + 1] }
}

/** The shifts of a calendar before, at and after an instant, see `shiftSpans`. */
export function shiftsAround(definition: CalendarDefinition, at: number): ShiftsAround {
  const spans = shiftSpans(definition, at - lookBackMs, at + lookBackMs)
  const ended = spans.findLast(({ end }) => end <= at)
  const current = spans.find(({ start, end }) => start <= at && at < end)
  const next = spans.find(({ start }) => start > at)
  return { ...(ended && { ended }), ...(current && { current }), ...(next && { next }) }
}

/** The shifts that end after one instant and not after another, the earliest first; within 60 days before the second. */
export function shiftsEnded(definition: CalendarDefinition, after: number, until: number): readonly ShiftSpan[] {
  const from = Math.max(after, until - lookBackMs)
  return shiftSpans(definition, from - lookBackMs, until + dayMs).filter(({ end }) => end > from && end <= until)
}

/**
 * The shifts near a stretch of time, the earliest first. A shift that follows another one without a gap is a shift of its
 * own; one that follows after a break goes on. Of two that overlap, the earlier one ends when the later one begins, so
 * that every working instant lies in one shift. A calendar that works around the clock has none.
 */
function shiftSpans(definition: CalendarDefinition, from: number, to: number): readonly ShiftSpan[] {
  const shifts = shiftsNear(definition, from, to)
    // Further away from the window shifts are cut off.
    .filter(({ start, end }) => start >= from - dayMs && end > start && end - start < aroundTheClockMs)
    .toSorted((a, b) => a.start - b.start)
  const spans: { start: number; end: number }[] = []
  let [lastStart, lastEnd] = [-Infinity, -Infinity]
  for (const { start, end } of shifts) {
    const breakMs = start - lastEnd
    const last = spans.at(-1)
    const goesOn = (breakMs > 0 && breakMs <= maxBreakMs) || start === lastStart
    lastStart = start
    lastEnd = Math.max(lastEnd, end)
    if (last === undefined || !goesOn) {
      if (last !== undefined) last.end = Math.min(last.end, start)
      spans.push({ start, end: lastEnd })
    } else last.end = lastEnd
  }
  return spans
}
