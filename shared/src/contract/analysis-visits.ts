import { z } from 'zod'
import type { compareQuery } from './analysis-compare.ts'
import { choice } from './choice.ts'
import { instantText } from './query-parameters.ts'
import { localText } from './names.ts'
import { memoryFrom } from './stage-stats.ts'

const count = z.int().nonnegative()
const upTo = (least: number, most: number) =>
  z.coerce.number().pipe(z.int().min(least).max(most)).meta({ type: 'integer' })

export const visitsPerPage = 50

/** The finished visits behind a figure of the analysis: those that ended in the period, of one stage or of all. */
export const visitsQuery = z.strictObject({
  ...choice,
  stage: z.string().min(1).max(200).optional(),
  /** Weekday, 1 (Monday) to 7, and hour, 0 to 23, at which the stage was entered, in the site's time zone. */
  weekday: upTo(1, 7).optional(),
  hourOfDay: upTo(0, 23).optional(),
  /** Restricts the result to visits that were also entered in the period. */
  entered: z.literal('period').optional(),
  /** For a comparison, instead of `from` and `to`: the matched days of one side. */
  side: z.enum(['before', 'after']).optional(),
  beforeFrom: instantText,
  beforeTo: instantText,
  afterFrom: instantText,
  afterTo: instantText,
  /** Number of rows to skip. */
  offset: upTo(0, 10_000).default(0),
}) satisfies z.ZodType<z.infer<typeof compareQuery>>

/** Longest first. */
export const visitsAnswer = z.object({
  from: z.int(),
  to: z.int(),
  /** Name of the requested stage. */
  stageName: localText.optional(),
  visits: z.array(
    z.object({
      order: z.string(),
      stageName: localText,
      enteredAt: z.int(),
      leftAt: z.int(),
      /** By the clock of the query. */
      dwellMs: z.number().nonnegative(),
      /** The order had visited the stage before. */
      rework: z.boolean(),
      /** The visit passed its target. */
      breached: z.boolean(),
    }),
  ),
  /** Number of visits on all pages. */
  total: count,
  /** Offset of the next page; undefined on the last one. */
  nextOffset: count.optional(),
  /** Visits that ended before this instant are not listed, epoch ms. Undefined if the period contains none. */
  memoryFrom,
  asOf: z.int(),
  position: z.string(),
})
export type VisitsQuery = z.infer<typeof visitsQuery>
export type VisitsAnswer = z.infer<typeof visitsAnswer>
