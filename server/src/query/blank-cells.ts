import type { HeatmapQuery } from '@stagewatch/shared/contract/heatmap.ts'
import { bucketMs } from '../engine/bucket-series.ts'
import type { TimeColumns, TimeSpan } from '../engine/time-columns.ts'
import type { SiteCalendars } from '../rules/site-calendars.ts'
import type { HeatRow, HeatSource } from './heat-cells.ts'
import { samplesOf } from './open-totals.ts'

/** Row and column of a cell. */
type Place = [row: number, column: number]

/** Cells of periods in which nobody worked, by the calendar of the stage, or else of the department or the site. */
export function closedCells(
  rows: readonly HeatRow[],
  { rows: kind }: Pick<HeatmapQuery, 'rows'>,
  columns: TimeColumns,
  calendars: SiteCalendars,
  now: number,
): Place[] {
  const columnsOf = new Map<unknown, readonly number[]>()
  return rows.flatMap((row, y) => {
    const calendar =
      typeof row === 'string'
        ? calendars.calendarOf(undefined, kind === 'department' ? row : undefined)
        : calendars.calendarOf(row.definition.calendar, undefined)
    const known = columnsOf.get(calendar)
    const closed = known ?? closedColumns(columns, (from, to) => calendar.workingMs(from, to), now)
    if (known === undefined) columnsOf.set(calendar, closed)
    return closed.map((x): Place => [y, x])
  })
}

function closedColumns(
  { names, spans }: TimeColumns,
  workingMs: (from: number, to: number) => number,
  now: number,
): readonly number[] {
  // The current state is shown whether anybody works or not.
  const isShown = ({ from, to }: TimeSpan): boolean => workingMs(from, to) > 0 || (from <= now && now < to)
  const open = new Set(spans.filter(isShown).map(({ column }) => column))
  return names.flatMap((_, column) => (open.has(column) ? [] : [column]))
}

/** Cells of stages whose source was silent at all sampled instants, so that their values are unknown. */
export function missingCells(
  rows: readonly HeatRow[],
  columns: TimeColumns,
  source: Pick<HeatSource, 'isMissing'>,
  now: number,
): Place[] {
  const samples = samplesOf(columns, now)
  return rows.flatMap((row, y) => {
    if (typeof row === 'string') return []
    const known = new Map<number, boolean>()
    for (const { at, column } of samples) {
      const isKnown = at === now || !source.isMissing(row, Math.floor(at / bucketMs) * bucketMs)
      known.set(column, isKnown || known.get(column) === true)
    }
    return [...known].flatMap(([x, isKnown]): Place[] => (isKnown ? [] : [[y, x]]))
  })
}
