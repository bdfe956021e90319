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

/** Columns of a table by time: hours of the day and weekdays are made of many spans, the others of one each. */
export class TimeColumns {
  readonly kind: ColumnKind
  /** Instants at which hours or days begin, 0..23, or 1 (Monday)..7. */
  readonly names: readonly number[]
  /** Ascending, without gaps. Spans are hours, or days when the columns are days. */
  readonly spans: readonly TimeSpan[]
  readonly #starts: Float64Array

  constructor(kind: ColumnKind, names: readonly number[], spans: readonly TimeSpan[]) {
    this.kind = kind
    this.names = names
    this.spans = spans
    this.#starts = Float64Array.from(spans, ({ from }) => from)
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
    let low = 0
    let high = this.#starts.length
    while (high - low > 1) {
      const middle = (low + high) >>> 1
      if ((this.#starts[middle] ?? 0) <= at) low = middle
      else high = middle
    }
    return this.spans[low]?.column ?? 0
  }
}

/** The columns that cover `from` up to, not including, `to`; the first and the last may reach beyond. */
export function timeColumns(kind: ColumnKind, from: number, to: number, days: LocalDays): TimeColumns {
  const names = fixedNames(kind)
  const spans: TimeSpan[] = []
  for (let day = days.startOf(from); day < to;) {
    const next = days.startOfOffset(day, 1)
    if (kind === 'day') {
      names.push(day)
      spans.push({ from: day, to: next, column: spans.length })
    } else {
      for (let hour = day; hour < next && hour < to; hour += hourMs) {
        const end = Math.min(hour + hourMs, next)
        if (end <= from) continue
        if (kind === 'hour') names.push(hour)
        spans.push({ from: hour, to: end, column: columnOf(kind, hour, day, next, spans.length, days) })
      }
    }
    day = next
  }
  return new TimeColumns(kind, names, spans)
}

function fixedNames(kind: ColumnKind): number[] {
  if (kind === 'hourOfDay') return Array.from({ length: 24 }, (_, hour) => hour)
  return kind === 'weekday' ? [1, 2, 3, 4, 5, 6, 7] : []
}

function columnOf(
  kind: Exclude<ColumnKind, 'day'>,
  hour: number,
  day: number,
  nextDay: number,
  index: number,
  days: LocalDays,
): number {
  if (kind === 'hour') return index
  if (kind === 'weekday') return days.weekdayOf(day) - 1
  // Only on a day on which the clocks change does the calendar know better.
  return nextDay - day === dayMs ? (hour - day) / hourMs : days.hourOf(hour)
}
