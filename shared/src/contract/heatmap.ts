import { z } from 'zod'
import { localText } from './names.ts'
import { choice, since } from './choice.ts'
import { memoryFrom } from './stage-stats.ts'

/** Maximum number of cells in one response. */
export const maxHeatCells = 10_000

const heatMetric = z.enum(['breachRatio', 'p50', 'p90', 'wip', 'visits'])

/**
 * Default without `from` and `to`: the last 24 hours for columns of hours, else the last 14 days. Hours, days and
 * weekdays are those of the site's time zone.
 */
export const heatmapQuery = z.strictObject({
  ...choice,
  since,
  metric: heatMetric.default('breachRatio'),
  rows: z.enum(['stage', 'department', 'product', 'customer', 'customerClass']).default('stage'),
  columns: z.enum(['hour', 'day', 'hourOfDay', 'weekday']).default('hour'),
})

/**
 * Row and column of a cell. Not a tuple, because the tuple schema would add half a kilobyte to the script of the wall.
 */
const place = z.array(z.int()).length(2)

/**
 * A table of one metric. The meaning of a cell depends on `basis`:
 *
 * `snapshot` (`wip`; `breachRatio` by stage, unless a department, customer, class or product is selected): the orders
 * that were in the stage, and the share of them that was overdue. A column of hours refers to the start of the hour; a
 * column of days refers to the end of the day, or to now for today; `hourOfDay` and `weekday` average over the starts
 * of all hours of the span.
 *
 * `finished` (all others): the visits that ended within the column; `breachRatio` is the visits that passed their
 * target ÷ all, `p50` and `p90` are ms of dwell.
 */
export const heatmapAnswer = z.object({
  metric: heatMetric,
  basis: z.enum(['snapshot', 'finished']),
  rows: z.array(
    z.object({
      /** Code of the stage, or the text of the dimension; empty: orders that name none. */
      key: z.string(),
      name: localText,
      /** Code of the process, if the row is a stage. */
      process: z.string().optional(),
    }),
  ),
  /** Start of the hours or days (epoch ms), the hours 0..23, or the weekdays 1 (Monday)..7. */
  columns: z.array(z.int()),
  /** `[row][column]`; null: no value, because there were no orders, no limit applied, or the source was silent. */
  cells: z.array(z.array(z.number().nullable())),
  /** Sample size of each cell: finished visits, or open orders (summed over the averaged hours). */
  counts: z.array(z.array(z.int().nonnegative())),
  /** Cells, as [row, column], that are outside of the calendar's working time. */
  closed: z.array(place),
  /** Cells of stages whose source was silent then, so that the value is unknown. */
  missing: z.array(place),
  /** See `stageStatsAnswer`. */
  memoryFrom,
  asOf: z.int(),
  position: z.string(),
})

export type HeatmapQuery = z.infer<typeof heatmapQuery>
export type HeatmapAnswer = z.infer<typeof heatmapAnswer>
