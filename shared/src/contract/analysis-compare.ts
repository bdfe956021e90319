import { z } from 'zod'
import { choice } from './choice.ts'
import { instantText } from './query-parameters.ts'
import { localText } from './names.ts'
import { memoryFrom } from './stage-stats.ts'

const count = z.int().nonnegative()

/** The longest period that can be compared. */
export const maxComparedDays = 366

const { from: _from, to: _to, ...whole } = choice

/**
 * Two periods that do not overlap, the earlier one first; ends are exclusive. Default: the last 28 days before today,
 * and the 28 days before those.
 */
export const compareQuery = z.strictObject({
  ...whole,
  beforeFrom: instantText,
  beforeTo: instantText,
  afterFrom: instantText,
  afterTo: instantText,
})

const period = z.object({
  from: z.int(),
  to: z.int(),
  /** Number of days in the period, and of those that are non-working days of the calendar. */
  days: count,
  closed: count,
})

/**
 * One figure of both periods, over the matched days. `before` and `after` are ms, shares 0..1 or numbers per day; they
 * are undefined if nothing was counted.
 */
const comparison = z.object({
  before: z.number().optional(),
  after: z.number().optional(),
  /** Sample size of each figure: visits, or orders. */
  countBefore: count,
  countAfter: count,
  /**
   * The change and its 95 % confidence interval: relative to `before`, so -0.12 means 12 % less; for a share in points,
   * so -0.12 means 12 percentage points. Undefined if the sample is too small.
   */
  change: z.object({ value: z.number(), low: z.number(), high: z.number() }).optional(),
})

export const compareAnswer = z.object({
  before: period,
  after: period,
  /** Number of days of one period that are compared with days of the other, matched by weekday. */
  matchedDays: count,
  /** Completed orders as a whole: from placed to signed in natural time, and the number signed per day. */
  orders: z.object({ leadMedianMs: comparison, leadMeanMs: comparison, perDay: comparison }),
  /** In the order of the processes. Dwell is measured by the clock of the query. */
  stages: z.array(
    z.object({
      stage: z.string(),
      name: localText,
      process: z.string(),
      medianMs: comparison,
      meanMs: comparison,
      /** Visits that passed their target ÷ all; undefined if the stage had none. */
      breachRatio: comparison.optional(),
      perDay: comparison,
    }),
  ),
  memoryFrom,
  asOf: z.int(),
  position: z.string(),
})
export type CompareQuery = z.infer<typeof compareQuery>
export type CompareAnswer = z.infer<typeof compareAnswer>
export type Comparison = z.infer<typeof comparison>
