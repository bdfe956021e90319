import { z } from 'zod'
import { choice } from './choice.ts'
import { localText } from './names.ts'
import { memoryFrom } from './stage-stats.ts'

const count = z.int().nonnegative()
const durationMs = z.number().nonnegative()
const instant = z.int()

/** The longest period of an analysis. */
export const maxAnalysisDays = 400
/** Figures from fewer visits are unreliable; pages grey them out. */
export const fewVisits = 30

/**
 * Dimensions by which time can be broken down. Weekday and hour are those of entering the stage, in the site's time
 * zone.
 */
export const timeDimensions = [
  'stage',
  'department',
  'product',
  'customer',
  'customerClass',
  'weekday',
  'hourOfDay',
] as const

/** Selects the visits that ended from `from` up to, not including, `to`. Default: today and the 13 days before it. */
const analysisChoice = {
  ...choice,
  /** Code of a stage. Undefined: all stages. */
  stage: z.string().min(1).max(200).optional(),
}

const topUpTo = 100

export const timeQuery = z.strictObject({
  ...analysisChoice,
  rows: z.enum(timeDimensions).default('stage'),
  /** Maximum number of rows, those with the most time first; the others are summed up. */
  top: z
    .string()
    .regex(/^([1-9]\d?|100)$/, `must be a number from 1 to ${topUpTo}`)
    .transform(Number)
    .default(20)
    .meta({ type: 'integer', minimum: 1, maximum: topUpTo, default: 20 }),
})

/** Aggregate of finished visits. Sums and means are exact; percentiles are within 1 % of the nearest rank. */
const timeSum = z.object({
  visits: count,
  /** Total of all visits. */
  totalMs: durationMs,
  /** Mean per visit; undefined if there are none. */
  meanMs: durationMs.optional(),
  p50Ms: durationMs.optional(),
  p90Ms: durationMs.optional(),
  /** Visits that were evaluated against a limit; `breaches` of them passed it. */
  judged: count,
  breaches: count,
})

export const timeRow = timeSum.extend({
  /**
   * Code of the stage, the text of the dimension (empty: not named), 1 (Monday)..7, or 0..23; `earlier`: entered more
   * than 400 days before the period.
   */
  key: z.string(),
  name: localText,
  /** Code of the process, if the row is a stage. */
  process: z.string().optional(),
})

/** How the time of finished visits was spent. */
export const timeAnswer = z.object({
  /** The period; `to` is exclusive and not later than now. */
  from: instant,
  to: instant,
  rows: z.array(timeRow),
  total: timeSum,
  /** Everything that is in no row; undefined if there is nothing. `rows`: number of rows summed up. */
  rest: timeSum.extend({ rows: count }).optional(),
  memoryFrom,
  asOf: instant,
  position: z.string(),
})

export const dwellQuery = z.strictObject({
  ...analysisChoice,
  scale: z.enum(['log', 'linear']).default('log'),
})

/**
 * Distribution of dwell times. Bins begin at `fromMs`, inclusive, and end where the next one begins; the last one has
 * no end. Counts add up to all visits; a visit within 1 % of a bin's start may be counted in the neighbouring bin.
 */
export const dwellAnswer = z.object({
  from: instant,
  to: instant,
  bins: z.array(z.object({ fromMs: durationMs, finished: count, open: count })),
  /** Number of finished visits. */
  visits: count,
  meanMs: durationMs.optional(),
  p50Ms: durationMs.optional(),
  p75Ms: durationMs.optional(),
  p90Ms: durationMs.optional(),
  p95Ms: durationMs.optional(),
  p99Ms: durationMs.optional(),
  judged: count,
  breaches: count,
  /** The usual limit, if all selected stages share it. */
  targetMs: durationMs.optional(),
  /** Number of orders currently in the stage, by how long they have been there. */
  open: count,
  memoryFrom,
  asOf: instant,
  position: z.string(),
})

/** Maximum number of columns in one response. */
export const maxFlowSpans = 800

export const flowQuery = z.strictObject({
  ...analysisChoice,
  columns: z.enum(['hour', 'day']).default('day'),
})

/**
 * Arrivals and departures of each stage, cancelled orders included, so that
 * `openBefore` + all arrivals − all departures = open orders at the end of the last column.
 */
export const flowAnswer = z.object({
  /** Start of each hour or day of the site; the last one may not be over. */
  columns: z.array(instant),
  /** In the order of the processes. */
  stages: z.array(
    z.object({
      stage: z.string(),
      name: localText,
      process: z.string(),
      /** At the start of the first column. */
      openBefore: count,
      arrived: z.array(count),
      departed: z.array(count),
      /** At the end of each column; for the last one, now. */
      open: z.array(z.int()),
    }),
  ),
  asOf: instant,
  position: z.string(),
})

/** Dimensions by which the reporting delay can be broken down. */
export const lagDimensions = ['source', 'stage', 'department', 'actor'] as const

/** Selects the events that were recorded in the period. */
export const lagQuery = z.strictObject({ ...choice, rows: z.enum(lagDimensions).default('source') })

const lagSum = z.object({
  events: count,
  /** Percentiles of the delay between occurrence and recording, within 1 % of the nearest rank. */
  p50Ms: durationMs.optional(),
  p90Ms: durationMs.optional(),
  /** Number of events recorded before they occurred according to their source's clock; they count as not delayed. */
  ahead: count,
})

/**
 * Reporting delay: from when something happened, according to its source, to when it was recorded. Imported events are
 * excluded.
 */
export const lagAnswer = z.object({
  from: instant,
  to: instant,
  /** Rows with the most events first. */
  rows: z.array(
    lagSum.extend({
      /** Code of the source or the stage, or the text of the dimension; empty if the event names none. */
      key: z.string(),
      name: localText,
      /** Code of the process, if the row is a stage. */
      process: z.string().optional(),
    }),
  ),
  total: lagSum,
  rest: lagSum.extend({ rows: count }).optional(),
  /** By time of occurrence: `[weekday][hour]`, starting at Monday and 0..23, in the site's time zone. */
  hours: z.array(z.array(lagSum.pick({ events: true, p50Ms: true }))),
  /** Number of events excluded because they were imported. Undefined if the query selects only some orders. */
  imported: count.optional(),
  /** Only events recorded since this instant are included, because there are too many older ones, or because some of those are archived. */
  reachesBackTo: instant.optional(),
  asOf: instant,
  position: z.string(),
})

export type TimeDimension = (typeof timeDimensions)[number]
export type TimeQuery = z.infer<typeof timeQuery>
export type TimeAnswer = z.infer<typeof timeAnswer>
export type TimeRow = z.infer<typeof timeRow>
export type TimeSum = z.infer<typeof timeSum>
export type DwellQuery = z.infer<typeof dwellQuery>
export type DwellAnswer = z.infer<typeof dwellAnswer>
export type FlowQuery = z.infer<typeof flowQuery>
export type FlowAnswer = z.infer<typeof flowAnswer>
export type LagDimension = (typeof lagDimensions)[number]
export type LagQuery = z.infer<typeof lagQuery>
export type LagAnswer = z.infer<typeof lagAnswer>
export type LagSum = z.infer<typeof lagSum>
