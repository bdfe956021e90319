import { z } from 'zod'
import { choice } from './choice.ts'
import { localText } from './local-text.ts'
import { memoryFrom } from './stage-stats.ts'

const count = z.int().nonnegative()

/** The most findings that are told. */
export const maxFindings = 100
/** Of the findings so many are expected to be chance. */
export const falseDiscoveryRate = 0.05
/** Groups of fewer visits are not tested, and neither is a stage whose other visits are fewer. */
export const minTestedVisits = 20

export const outlierDimensions = ['department', 'product', 'customer', 'customerClass', 'weekday'] as const

/** Visits that ended from `from` up to, not including, `to`; left out: the last 14 days. */
export const outliersQuery = z.strictObject(choice)

const finding = z.object({
  stage: z.string(),
  stageName: localText,
  process: z.string(),
  dimension: z.enum(outlierDimensions),
  /** What the visits have in common; of weekdays, on which the stage was entered, 1 (Monday) to 7. */
  value: z.string(),
  /** What the value is called in other languages; undefined: the site has no translation of it. */
  valueName: localText.optional(),
  /** Visits of the group, and all others of the stage. */
  visits: count,
  otherVisits: count,
  /** Medians of their dwell by the clock of the question, ms, and by how much that of the group is longer. */
  medianMs: z.number(),
  otherMedianMs: z.number(),
  differenceMs: z.number(),
  /** How often a visit of the group takes longer than one of the others, 0..1; equal ones count half. */
  longerRatio: z.number().min(0).max(1),
})

export const outliersAnswer = z.object({
  from: z.int(),
  to: z.int(),
  /** Groups that were tested; too small ones are not. */
  tested: count,
  tooSmall: count,
  /** Differences that are more than chance: of all of them no more than 5 % are expected to be. Those that cost or save most first. */
  findings: z.array(finding),
  /** All findings. */
  total: count,
  /** Of which there are too many values to compare. */
  notCompared: z.array(z.enum(outlierDimensions)),
  memoryFrom,
  asOf: z.int(),
  position: z.string(),
})
export type OutliersAnswer = z.infer<typeof outliersAnswer>
export type OutlierFinding = z.infer<typeof finding>
export type OutlierDimension = (typeof outlierDimensions)[number]
