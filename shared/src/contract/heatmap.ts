import { z } from 'zod'
import { localText } from './local-text.ts'
import { choice, since } from './choice.ts'
import { memoryFrom } from './stage-stats.ts'

/** The most cells that one answer holds. */
export const maxHeatCells = 10_000

const heatMetric = z.enum(['breachRatio', 'p50', 'p90', 'wip', 'visits'])

/**
 * Without `from` and `to`: the last 24 hours, and the last 14 days for the other columns. Hours, days and weekdays are
 * those of the site's time zone.
 */
export const heatmapQuery = z.strictObject({
  ...choice,
  since,
  metric: heatMetric.default('breachRatio'),
  rows: z.enum(['stage', 'department', 'product', 'customer', 'customerClass']).default('stage'),
  columns: z.enum(['hour', 'day', 'hourOfDay', 'weekday']).default('hour'),
})

/** Row and column of a cell. The wall shares its script of schemas, in which that of tuples would take half a kilobyte. */
const place = z.array(z.int()).length(2)

/**
 * A table of one metric. What a cell says depends on `basis`:
 *
 * `snapshot` (`wip`; `breachRatio` by stage, unless a department, customer, class or product is chosen): the orders that
 * were in the stage, and the share of them that was overdue. A column of hours says it of the turn at which the hour
 * begins; a column of days of the end of the day, today of now; `hourOfDay` and `weekday` average it over the turns of
 * all hours of the span.
 *
 * `finished` (all others): the visits that ended within the column; `breachRatio` is those that passed their target ÷
 * all, `p50` and `p90` are ms of dwell.
 */
export const heatmapAnswer = z.object({
  metric: heatMetric,
  basis: z.enum(['snapshot', 'finished']),
  rows: z.array(
    z.object({
      /** Code of the stage, or the text of the dimension; empty: the orders that name none. */
      key: z.string(),
      name: localText,
      /** Of a stage. */
      process: z.string().optional(),
    }),
  ),
  /** Instants at which the hours or days begin (epoch ms), the hours 0..23, or the weekdays 1 (Monday)..7. */
  columns: z.array(z.int()),
  /** `[row][column]`; null: there is nothing to say, because nothing was there, no limit applied, or the source was silent. */
  cells: z.array(z.array(z.number().nullable())),
  /** What each cell rests on: finished visits, or open orders (added up over the turns that are averaged). */
  counts: z.array(z.array(z.int().nonnegative())),
  /** Cells, as [row, column], of times in which nobody works by the calendar. */
  closed: z.array(place),
  /** Cells of stages whose source was silent then, so that nobody knows. */
  missing: z.array(place),
  /** See `stageStatsAnswer`. */
  memoryFrom,
  asOf: z.int(),
  position: z.string(),
})

export type HeatmapQuery = z.infer<typeof heatmapQuery>
export type HeatmapAnswer = z.infer<typeof heatmapAnswer>
