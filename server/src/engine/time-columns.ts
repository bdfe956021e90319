import type { LocalDays } from '@stagewatch/shared/domain/local-days.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs

/** By the site's local time: each hour, each day, hours of the day, days of the week. */
export type ColumnKind = 'hour' | 'day' | 'hourOfDay' | 'weekday'

/** A time span that belongs to one column. */
export interface TimeSpan {
  readonly from: number
  /** Exclusive. */
  readonly to: number
  readonly column: number
}

/** Starts of spans, ascending, and the columns they belong to. Can be sent to another thread. */
export interface SpanStarts {
  readonly starts: Float64Array
  readonly columns: Uint32Array
}

/** The column of an instant that lies in one of the spans. */
function columnAt({ starts, columns }: SpanStarts, at: number): number {
  let low = 0
  let high = starts.length
  while (high - low > 1) {
    const middle = (low + high) >>> 1
    if ((starts[middle] ?? 0) <= at) low = middle
    else high = middle
  }
  return columns[low] ?? 0
}

/** Two years of hours in quarters are 70,000 steps. */
const maxSteps = 1_000_000

/**
 * Finds the columns of many instants. Clocks change by at least a quarter of an hour, so each step of an equidistant
 * table lies in one span: computing the step of an instant takes less time than searching for its span.
 */
export class ColumnFinder {
  readonly #spans: SpanStarts
  readonly #begin: number
  readonly #before: number
  readonly #stepsPerMs: number
  /**
   * The column before the first span, then the columns by step since the start of the first span. Undefined if there
   * are too many steps.
   */
  readonly #columns: Int32Array | undefined

  /** @param before column of instants before the first span; defaults to that of the first span. */
  constructor(spans: SpanStarts, before = spans.columns[0] ?? 0) {
    const { starts, columns } = spans
    this.#spans = spans
    this.#begin = starts[0] ?? 0
    this.#before = before
    const stepMs = stepOf(starts)
    this.#stepsPerMs = 1 / stepMs
    const steps = 1 + ((starts.at(-1) ?? 0) - this.#begin) / stepMs
    if (steps > maxSteps) return
    this.#columns = new Int32Array(1 + steps)
    this.#columns[0] = before
    for (let step = 0, span = 0; step < steps; step++) {
      if ((starts[span + 1] ?? Infinity) <= this.#begin + step * stepMs) span += 1
      this.#columns[1 + step] = columns[span] ?? 0
    }
  }

  /**
   * Writes the columns of the first `count` instants, whole ms, into `columnOf`. Instants after the last span count as
   * in it.
   */
  find(at: Float64Array, count: number, columnOf: Int32Array): void {
    const columns = this.#columns
    if (columns === undefined) {
      for (let i = 0; i < count; i++) {
        const instant = at[i] ?? 0
        columnOf[i] = instant < this.#begin ? this.#before : columnAt(this.#spans, instant)
      }
      return
    }
    // Shifted by half a ms, so that rounding never moves an instant into the previous step; a division would take three
    // times as long.
    const begin = this.#begin - 0.5
    const stepsPerMs = this.#stepsPerMs
    const last = columns.length - 1
    for (let i = 0; i < count; i++) {
      const step = Math.min(last, Math.max(0, 1 + ((at[i] ?? 0) - begin) * stepsPerMs))
      columnOf[i] = columns[step >>> 0] ?? 0
    }
  }
}

/** The largest step width for which every span starts on a step. */
function stepOf(starts: Float64Array): number {
  let step = 0
  for (const start of starts) step = commonDivisor(start - (starts[0] ?? 0), step)
  return Math.max(1, step)
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b)
}

/** Columns of a table by time: hours of the day and weekdays consist of many spans, the other columns of one each. */
export class TimeColumns {
  readonly kind: ColumnKind
  /** Instants at which hours or days start, hours 0..23, or weekdays 1 (Monday)..7. */
  readonly names: readonly number[]
  /** Ascending, without gaps. Spans are days if the columns are days, otherwise hours. */
  readonly spans: readonly TimeSpan[]
  readonly starts: SpanStarts

  constructor(kind: ColumnKind, names: readonly number[], spans: readonly TimeSpan[]) {
    this.kind = kind
    this.names = names
    this.spans = spans
    this.starts = {
      starts: Float64Array.from(spans, ({ from }) => from),
      columns: Uint32Array.from(spans, ({ column }) => column),
    }
  }

  get from(): number {
    return this.spans[0]?.from ?? 0
  }

  /** Exclusive. */
  get to(): number {
    return this.spans.at(-1)?.to ?? 0
  }

  /** The column of an instant from `from` up to `to`, exclusive. */
  columnOf(at: number): number {
    return columnAt(this.starts, at)
  }
}

/** The columns that cover `from` up to `to`, exclusive; the first and the last one may extend beyond. */
export function timeColumns(kind: ColumnKind, from: number, to: number, days: LocalDays): TimeColumns {
  const spans: TimeSpan[] = []
  let day = days.startOf(from)
  while (day < to) {
    const next = days.startOfOffset(day, 1)
    const columnOf = columnsOfDay(kind, day, next, days)
    const endOf = kind === 'day' ? () => next : hourEnds(day, next, days)
    for (let start = day; start < Math.min(next, to);) {
      const end = Math.min(endOf(start), next)
      if (end > from) spans.push({ from: start, to: end, column: columnOf(start, spans.length) })
      start = end
    }
    day = next
  }
  return new TimeColumns(kind, namesOf(kind, spans), spans)
}

/** Returns the end of an hour of the day; when the clocks change, an hour may be longer or shorter. */
function hourEnds(day: number, nextDay: number, days: LocalDays): (start: number) => number {
  return nextDay - day === dayMs ? (start) => start + hourMs : (start) => days.nextHour(start)
}

/** Returns the column for the start of a span within the day and its index among all spans. */
function columnsOfDay(
  kind: ColumnKind,
  day: number,
  nextDay: number,
  days: LocalDays,
): (start: number, place: number) => number {
  if (kind === 'weekday') {
    const column = days.weekdayOf(day) - 1
    return () => column
  }
  if (kind !== 'hourOfDay') return (_start, place) => place
  // The slow calendar is only needed on days on which the clocks change.
  return nextDay - day === dayMs ? (start) => (start - day) / hourMs : (start) => days.hourOf(start)
}

function namesOf(kind: ColumnKind, spans: readonly TimeSpan[]): number[] {
  if (kind === 'hourOfDay') return Array.from({ length: 24 }, (_, hour) => hour)
  if (kind === 'weekday') return [1, 2, 3, 4, 5, 6, 7]
  return spans.map(({ from }) => from)
}
