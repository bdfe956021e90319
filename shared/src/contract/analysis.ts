import { z } from 'zod'
import { choice } from './choice.ts'
import { localText } from './local-text.ts'
import { memoryFrom } from './stage-stats.ts'

const count = z.int().nonnegative()
const durationMs = z.number().nonnegative()
const instant = z.int()

/** The longest period of an analysis. */
export const maxAnalysisDays = 400
/** Fewer visits than these say little; pages grey what rests on them. */
export const fewVisits = 30

/** What time can be told apart by. Weekdays and hours are those of entering the stage, in the site's time zone. */
export const timeDimensions = [
  'stage',
  'department',
  'product',
  'customer',
  'customerClass',
  'weekday',
  'hourOfDay',
] as const

/** Which visits: those that ended from `from` up to, not including, `to`; without both, today and the 13 days before it. */
const analysisChoice = {
  ...choice,
  /** Code of a stage; left out: all of them. */
  stage: z.string().min(1).max(200).optional(),
}

const topUpTo = 100

export const timeQuery = z.strictObject({
  ...analysisChoice,
  rows: z.enum(timeDimensions).default('stage'),
  /** So many rows, those with the most time first; the others are added up. */
  top: z
    .string()
    .regex(/^([1-9]\d?|100)$/, `must be a number from 1 to ${topUpTo}`)
    .transform(Number)
    .default(20)
    .meta({ type: 'integer', minimum: 1, maximum: topUpTo, default: 20 }),
})

/** Finished visits together. Sums and means are exact; percentiles are within 1 % of the nearest rank. */
const timeSum = z.object({
  visits: count,
  /** Of all visits. */
  totalMs: durationMs,
  /** Of one visit; left out while there is none. */
  meanMs: durationMs.optional(),
  p50Ms: durationMs.optional(),
  p90Ms: durationMs.optional(),
  /** Visits that were held against a limit; `breaches` of them passed it. */
  judged: count,
  breaches: count,
})

const timeRow = timeSum.extend({
  /**
   * Code of the stage, the text of the dimension (empty: it is not named), 1 (Monday)..7, or 0..23; `earlier`: entered
   * more than 400 days before the period.
   */
  key: z.string(),
  name: localText,
  /** Of a stage. */
  process: z.string().optional(),
})

/** Where the time of finished visits went. */
export const timeAnswer = z.object({
  /** The period; `to` is not included, and not later than now. */
  from: instant,
  to: instant,
  rows: z.array(timeRow),
  total: timeSum,
  /** What stands in no row; left out where nothing does. `rows`: how many there would be. */
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
 * How long visits took. Bins begin at `fromMs`, included, and end where the next one begins; the last one has no end.
 * Counts add up to all visits; a visit within 1 % of where a bin begins may stand in its neighbour.
 */
export const dwellAnswer = z.object({
  from: instant,
  to: instant,
  bins: z.array(z.object({ fromMs: durationMs, finished: count, open: count })),
  /** Finished visits. */
  visits: count,
  meanMs: durationMs.optional(),
  p50Ms: durationMs.optional(),
  p75Ms: durationMs.optional(),
  p90Ms: durationMs.optional(),
  p95Ms: durationMs.optional(),
  p99Ms: durationMs.optional(),
  judged: count,
  breaches: count,
  /** The usual limit, where all chosen stages have the same one. */
  targetMs: durationMs.optional(),
  /** Orders that are there now, by how long they have been. */
  open: count,
  memoryFrom,
  asOf: instant,
  position: z.string(),
})

/** The most spans of time that one answer tells of. */
export const maxFlowSpans = 800

export const flowQuery = z.strictObject({
  ...analysisChoice,
  columns: z.enum(['hour', 'day']).default('day'),
})

/**
 * What came to each stage and left it, cancelled orders included, so that
 * `openBefore` + all that arrived − all that departed = what is open at the end of the last span.
 */
export const flowAnswer = z.object({
  /** When hours or days of the site begin; the last one may not be over. */
  columns: z.array(instant),
  /** In the order of the processes. */
  stages: z.array(
    z.object({
      stage: z.string(),
      name: localText,
      process: z.string(),
      /** At the beginning of the first column. */
      openBefore: count,
      arrived: z.array(count),
      departed: z.array(count),
      /** At the end of each column, now for the last one. */
      open: z.array(z.int()),
    }),
  ),
  asOf: instant,
  position: z.string(),
})

/** What the delay of reports can be told apart by. */
export const lagDimensions = ['source', 'stage', 'department', 'actor'] as const

/** Which events: those that were recorded in the period. */
export const lagQuery = z.strictObject({ ...choice, rows: z.enum(lagDimensions).default('source') })

const lagSum = z.object({
  events: count,
  /** Percentiles of how long after it happened an event was recorded, within 1 % of the nearest rank. */
  p50Ms: durationMs.optional(),
  p90Ms: durationMs.optional(),
  /** Recorded before they happened, by the clock of their source; they count as not delayed. */
  ahead: count,
})

/**
 * How late events are reported: from when something happened, as its source says, to when it was recorded. Imported
 * events are left out.
 */
export const lagAnswer = z.object({
  from: instant,
  to: instant,
  /** The rows with the most events first. */
  rows: z.array(
    lagSum.extend({
      /** Code of the source or the stage, or the text of the dimension; empty: the event names none. */
      key: z.string(),
      name: localText,
      /** Of a stage. */
      process: z.string().optional(),
    }),
  ),
  total: lagSum,
  rest: lagSum.extend({ rows: count }).optional(),
  /** By when it happened: `[weekday][hour]`, from Monday on and from 0 to 23, in the site's time zone. */
  hours: z.array(z.array(lagSum.pick({ events: true, p50Ms: true }))),
  /** Left out of the period because they came with an import; not told where only some orders are chosen. */
  imported: count.optional(),
  /** Older events than these were not looked at, since there are so many: only those recorded since this instant count. */
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
