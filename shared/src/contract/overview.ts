import { z } from 'zod'
import { choice, since } from './choice.ts'
import { memoryFrom } from './stage-stats.ts'
import { translations } from './names.ts'

const count = z.int().nonnegative()
const instant = z.int()
const durationMs = z.number().nonnegative()

/** The longest period of an overview. */
export const maxOverviewDays = 400

/**
 * Which orders and which period, rounded to days of the site's time zone. Default without `from` and `to`: today and
 * the 13 days before it. The numbers of open, overdue, at-risk and stalled orders are current, regardless of the
 * period. A period since the start of a shift is exact to the instant, except in figures per day.
 */
export const overviewQuery = z.strictObject({ ...choice, since })

/** Orders that were signed in a period. */
const signedOrders = z.object({
  /** Orders with a promised date; `onTime` of them met it. */
  promised: count,
  onTime: count,
  /** Orders with or without a promised date. */
  signed: count,
  /** From placed to signed, natural ms, nearest rank; undefined if none was signed. */
  leadTimeP50Ms: durationMs.optional(),
  leadTimeP90Ms: durationMs.optional(),
})

/** One day of the site. If the period reaches up to now, its last day is not over. */
export const overviewDay = z.object({
  /** Start of the day. */
  at: instant,
  /** At the end of the day, or now. */
  overdue: count,
  /** At the end of the day, or now. Undefined if no data, or none in memory, reaches back that far. */
  atRisk: count.optional(),
  stalled: count.optional(),
  open: count,
  /** Orders that entered the process within the day, and orders that ended. */
  arrived: count,
  departed: count,
  promised: count,
  onTime: count,
  leadTimeP50Ms: durationMs.optional(),
})

/** Time past the limits: of visits that ended within the period, and of currently overdue orders. */
const lateness = z.object({
  /** By the clocks of the limits, holds excluded. */
  overdueMs: durationMs,
  visits: count,
})

/** Counts at the same clock time a day and a week ago; undefined if no data reaches back that far. */
const earlierCounts = { previousDay: count.optional(), previousWeek: count.optional() }

/** The key figures for managers. All numbers are of the same orders at the same instant, so they are consistent. */
export const overviewAnswer = z.object({
  /** The period: from the start of its first day, or of a shift, to the end of its last day, or now. */
  from: instant,
  to: instant,
  /** Start of the current shift or, outside of working time, of the last one. Undefined: the calendar has no shifts. */
  shiftBeganAt: instant.optional(),
  overdue: z.object({
    count,
    unclaimed: count,
    /** Number of open orders that have a limit. */
    judged: count,
    ...earlierCounts,
    /**
     * Counts above this are too high. Undefined unless whole processes are selected, because no narrower ceiling is
     * configured.
     */
    ceiling: count.optional(),
  }),
  stalled: z.object({ count, judged: count, ...earlierCounts }),
  /** `soon` of them reach their limit within `soonWithinMs` of working time. */
  atRisk: z.object({ count, soon: count, soonWithinMs: z.int().positive(), ...earlierCounts }),
  open: z.object({ count, held: count, arrived: count, departed: count }),
  signed: signedOrders.extend({
    /** The preceding period of the same length; for a period since a shift began, the same part of the shift before. */
    previous: signedOrders,
    /** Goals of the process. Undefined: it has none, or several processes are selected. */
    onTimeGoal: z.number().min(0).max(1).optional(),
    leadTimeGoalMs: durationMs.optional(),
  }),
  days: z.array(overviewDay),
  /** By the department that had the order, the most time first; empty: no event named one. At most 50. */
  lateness: lateness.extend({ departments: z.array(lateness.extend({ department: z.string() })) }),
  memoryFrom,
  /** See `ordersAnswer`. */
  translations: translations.optional(),
  asOf: instant,
  position: z.string(),
})

export type OverviewQuery = z.infer<typeof overviewQuery>
export type OverviewAnswer = z.infer<typeof overviewAnswer>
export type OverviewDay = z.infer<typeof overviewDay>
