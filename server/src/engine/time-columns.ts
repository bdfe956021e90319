import type { LocalDays } from '@stagewatch/shared/domain/local-days.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs

/** By the clock and the calendar of the site: each hour, each day, hours of the day, days of the week. */
export type ColumnKind = 'hour' | 'day' | 'hourOfDay' | 'weekday'

/** A piece of time that belongs to one column. */
export interface TimeSpan {
  readonly from: number
  /** Not included. */
  readonly to: number
  readonly column: number
}

/** Where spans begin, ascending, and the columns they belong to. It can be sent to another thread. */
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

/**
 * The columns of the first `count` instants, each of which lies in one of the spans, into `columnOf`. Spans are of about
 * the same length, so that most are where they are looked for first.
 */
export function columnsAt(spans: SpanStarts, at: Float64Array, count: number, columnOf: Int32Array): void {
  const { starts, columns } = spans
  const last = starts.length - 1
  const begin = starts[0] ?? 0
  const perMs = last <= 0 ? 0 : last / ((starts[last] ?? 0) - begin)
  for (let i = 0; i < count; i++) {
    const instant = at[i] ?? 0
    let span = Math.min(last, Math.max(0, Math.floor((instant - begin) * perMs)))
    while (span > 0 && (starts[span] ?? 0) > instant) span -= 1
    while (span < last && (starts[span + 1] ?? 0) <= instant) span += 1
    columnOf[i] = columns[span] ?? 0
  }
}

/** Columns of a table by time: hours of the day and weekdays are made of many spans, the others of one each. */
export class TimeColumns {
  readonly kind: ColumnKind
  /** Instants at which hours or days begin, 0..23, or 1 (Monday)..7. */
  readonly names: readonly number[]
  /** Ascending, without gaps. Spans are hours, or days when the columns are days. */
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

  /** Not included. */
  get to(): number {
    return this.spans.at(-1)?.to ?? 0
  }

  /** The column of an instant from `from` up to, not including, `to`. */
  columnOf(at: number): number {
    return columnAt(this.starts, at)
  }
}

/** The columns that cover `from` up to, not including, `to`; the first and the last may reach beyond. */
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

/** Gives the end of an hour of the day; on a day on which the clocks change, one may be longer or shorter. */
function hourEnds(day: number, nextDay: number, days: LocalDays): (start: number) => number {
  return nextDay - day === dayMs ? (start) => start + hourMs : (start) => days.nextHour(start)
}

/** Gives the column of a span of the day, and of its place among all spans. */
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
  // Only on a day on which the clocks change does the calendar know better, and asking it takes long.
  return nextDay - day === dayMs ? (start) => (start - day) / hourMs : (start) => days.hourOf(start)
}

function namesOf(kind: ColumnKind, spans: readonly TimeSpan[]): number[] {
  if (kind === 'hourOfDay') return Array.from({ length: 24 }, (_, hour) => hour)
  if (kind === 'weekday') return [1, 2, 3, 4, 5, 6, 7]
  return spans.map(({ from }) => from)
}
