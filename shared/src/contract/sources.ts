import { z } from 'zod'
import { shortLocalText, localText } from './local-text.ts'

const count = z.int().nonnegative()
/** Epoch ms. */
const instant = z.int()
const durationMs = z.int().nonnegative()

const minuteMs = 60_000
const received = z.object({ accepted: count, duplicate: count, rejected: count })

/** How the hours of `hourly` are counted back from now: the last one is the hour that runs. */
export const sourceHistoryHours = 168

export const sourceView = z.object({
  source: z.string(),
  name: localText,
  /** How often it is expected to report, ms. Left out: nobody has said, so it is never late. */
  intervalMs: durationMs.optional(),
  /** Belongs into `If-Match` of whoever changes it. */
  version: z.string(),
  /** Left out: nothing has come from it yet. */
  lastReceivedAt: instant.optional(),
  /** Silent for more than three times its interval. */
  late: z.boolean(),
  /** Stages that it has sent events of. */
  stages: z.array(z.string()),
  lastDay: received,
  lastWeek: received,
  /** Mean time between two events in those hours of the last week in which any came, ms. */
  meanIntervalMs: durationMs.optional(),
  /**
   * How long after they had happened the events of the last week came, imports left out: half of them, and 95 of 100,
   * within so many ms; null: longer than a week. Left out: none came.
   */
  lag: z.object({ halfWithinMs: durationMs.nullable(), mostWithinMs: durationMs.nullable() }).optional(),
  /** The longest time within the last week in which nothing came, to the hour. */
  longestSilence: z.object({ from: instant, to: instant }).optional(),
  /** Events that came in each of the last hours, the oldest first. */
  hourly: z.array(count),
})
export type SourceView = z.infer<typeof sourceView>

/** The answer of `GET /api/v1/sources`: the late ones first, then those that were heard of last. */
export const sourceList = z.object({
  /** Instant of what is told. */
  asOf: instant,
  /** At most 200. */
  sources: z.array(sourceView),
  /** Sources of the site that are not named. */
  moreCount: count,
})
export type SourceList = z.infer<typeof sourceList>

/** The body of `PUT /api/v1/sources/{source}`: all of it replaces what is there. */
export const sourceDescription = z.strictObject({
  name: shortLocalText,
  /** Left out: it is never late. */
  intervalMs: z
    .int()
    .min(minuteMs)
    .max(31 * 24 * 60 * minuteMs)
    .optional(),
})
export type SourceDescription = z.infer<typeof sourceDescription>
