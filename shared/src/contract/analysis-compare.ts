import { z } from 'zod'
import { choice } from './choice.ts'
import { instantText } from './instant-text.ts'
import { localText } from './local-text.ts'
import { memoryFrom } from './stage-stats.ts'

const count = z.int().nonnegative()

/** The longest period that is compared. */
export const maxComparedDays = 366

const { from: _from, to: _to, ...whole } = choice

/**
 * Two periods that do not overlap, the earlier one first; ends are not included. Left out: the last 28 days before today,
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
  /** Days of the period, and those of them that nobody works on by the calendar. */
  days: count,
  closed: count,
})

/**
 * One figure of both periods, of the days that are compared. `before` and `after`: ms, shares 0..1 or numbers per day; left
 * out where nothing was counted.
 */
const comparison = z.object({
  before: z.number().optional(),
  after: z.number().optional(),
  /** What the figures rest on: visits, or orders. */
  countBefore: count,
  countAfter: count,
  /**
   * By how much it has changed, and between what the change lies with 95 % certainty: relative to `before`, -0.12 being
   * 12 % less; of a share in points, -0.12 being 12 percentage points. Left out: there is too little to tell.
   */
  change: z.object({ value: z.number(), low: z.number(), high: z.number() }).optional(),
})

export const compareAnswer = z.object({
  before: period,
  after: period,
  /** So many days of one period are compared with as many of the other: Mondays with Mondays. */
  matchedDays: count,
  /** Completed orders as wholes: from placed to signed in natural time, and how many were signed on a day. */
  orders: z.object({ leadMedianMs: comparison, leadMeanMs: comparison, perDay: comparison }),
  /** In the order of the processes. Dwell is told by the clock of the question. */
  stages: z.array(
    z.object({
      stage: z.string(),
      name: localText,
      process: z.string(),
      medianMs: comparison,
      meanMs: comparison,
      /** Visits that passed their target ÷ all; left out: the stage had none. */
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
