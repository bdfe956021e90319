import { z } from 'zod'
import { choice } from './choice.ts'
import { localText } from './names.ts'
import { memoryFrom } from './stage-stats.ts'

const count = z.int().nonnegative()

/** Maximum number of returned findings. */
export const maxFindings = 100
/** Expected share of findings that are due to chance. */
export const falseDiscoveryRate = 0.05
/** Groups with fewer visits are not tested, nor are stages with fewer visits outside of the group. */
export const minTestedVisits = 20

export const outlierDimensions = ['department', 'product', 'customer', 'customerClass', 'weekday'] as const

/** Visits that ended from `from` up to, not including, `to`. Default: the last 14 days. */
export const outliersQuery = z.strictObject(choice)

const finding = z.object({
  stage: z.string(),
  stageName: localText,
  process: z.string(),
  dimension: z.enum(outlierDimensions),
  /** The value that the visits share; for weekdays, the day on which the stage was entered, 1 (Monday) to 7. */
  value: z.string(),
  /** Name of the value in other languages. Undefined if the site has no translation of it. */
  valueName: localText.optional(),
  /** Number of visits in the group, and of all other visits of the stage. */
  visits: count,
  otherVisits: count,
  /** Median dwell of both by the clock of the query, ms, and by how much that of the group is longer. */
  medianMs: z.number(),
  otherMedianMs: z.number(),
  differenceMs: z.number(),
  /** Probability that a visit of the group takes longer than one of the others, 0..1; ties count half. */
  longerRatio: z.number().min(0).max(1),
})

export const outliersAnswer = z.object({
  from: z.int(),
  to: z.int(),
  /** Number of tested groups; groups that are too small are not tested. */
  tested: count,
  tooSmall: count,
  /**
   * Differences that are statistically significant, with a false discovery rate of at most 5 %. Sorted by the time that
   * they cost or save, largest first.
   */
  findings: z.array(finding),
  /** Number of all findings. */
  total: count,
  /** Dimensions with too many values to compare. */
  notCompared: z.array(z.enum(outlierDimensions)),
  memoryFrom,
  asOf: z.int(),
  position: z.string(),
})
export type OutliersAnswer = z.infer<typeof outliersAnswer>
export type OutlierFinding = z.infer<typeof finding>
export type OutlierDimension = (typeof outlierDimensions)[number]
