import { z } from 'zod'
import { shortLocalText, localText } from './names.ts'

const count = z.int().nonnegative()
/** Epoch ms. */
const instant = z.int()
const durationMs = z.int().nonnegative()

const minuteMs = 60_000
const received = z.object({ accepted: count, duplicate: count, rejected: count })

/** Number of hours in `hourly`, counted back from now; the last one is the current hour. */
export const sourceHistoryHours = 168

export const sourceView = z.object({
  source: z.string(),
  name: localText,
  /** Expected reporting interval, ms. Undefined: none is configured, so the source is never late. */
  intervalMs: durationMs.optional(),
  /** Sent as `If-Match` when changing it. */
  version: z.string(),
  /** Undefined: it has not sent any events yet. */
  lastReceivedAt: instant.optional(),
  /** Silent for more than three times its interval. */
  late: z.boolean(),
  /** Stages for which it has sent events. */
  stages: z.array(z.string()),
  lastDay: received,
  lastWeek: received,
  /** Mean time between two events, in those hours of the last week that had any, ms. */
  meanIntervalMs: durationMs.optional(),
  /**
   * Delay between occurrence and arrival of the last week's events, imports excluded: the 50th and 95th percentile in
   * ms; null: longer than a week. Undefined: there were no events.
   */
  lag: z.object({ halfWithinMs: durationMs.nullable(), mostWithinMs: durationMs.nullable() }).optional(),
  /** The longest time within the last week without events, to the hour. */
  longestSilence: z.object({ from: instant, to: instant }).optional(),
  /** Number of events in each of the last hours, oldest first. */
  hourly: z.array(count),
})
export type SourceView = z.infer<typeof sourceView>

/** Response of `GET /api/v1/sources`: the late ones first, then the most recently active. */
export const sourceList = z.object({
  /** Instant to which the data refers. */
  asOf: instant,
  /** At most 200. */
  sources: z.array(sourceView),
  /** Number of the site's sources that are not listed. */
  moreCount: count,
})
export type SourceList = z.infer<typeof sourceList>

/** Request body of `PUT /api/v1/sources/{source}`; replaces the whole description. */
export const sourceDescription = z.strictObject({
  name: shortLocalText,
  /** Undefined: the source is never late. */
  intervalMs: z
    .int()
    .min(minuteMs)
    .max(31 * 24 * 60 * minuteMs)
    .optional(),
})
export type SourceDescription = z.infer<typeof sourceDescription>
