import { z } from 'zod'
import { choice, since } from './choice.ts'
import { memoryFrom } from './stage-stats.ts'
import { translations } from './translations.ts'

const count = z.int().nonnegative()
const instant = z.int()
const durationMs = z.number().nonnegative()

/** The longest period of an overview. */
export const maxOverviewDays = 400

/**
 * Which orders and which period, rounded to days of the site's time zone. Without `from` and `to`: today and the 13
 * days before it. What is open, overdue, at risk or stalled is told of now, whatever the period is. A period since a
 * shift began is counted to the instant, except what is told by day.
 */
export const overviewQuery = z.strictObject({ ...choice, since })

/** Orders that were signed in a period. */
const signedOrders = z.object({
  /** With a promise; `onTime` of them kept it. */
  promised: count,
  onTime: count,
  /** With or without a promise. */
  signed: count,
  /** From placed to signed, natural ms, nearest rank; left out while none was signed. */
  leadTimeP50Ms: durationMs.optional(),
  leadTimeP90Ms: durationMs.optional(),
})

/** One day of the site. The last one of a period that reaches to now is not over. */
export const overviewDay = z.object({
  /** When it began. */
  at: instant,
  /** At the end of the day, or now. */
  overdue: count,
  /** The same; left out where the record, or what is in memory, does not reach back so far. */
  atRisk: count.optional(),
  stalled: count.optional(),
  open: count,
  /** Orders that came into the process within the day, and orders that ended. */
  arrived: count,
  departed: count,
  promised: count,
  onTime: count,
  leadTimeP50Ms: durationMs.optional(),
})

/** Time beyond the limits: of visits that ended within the period, and of the orders that are overdue now. */
const lateness = z.object({
  /** On the clocks of the limits, holds left out. */
  overdueMs: durationMs,
  visits: count,
})

/** At the same clock time a day and a week ago; left out while the record is shorter than that. */
const earlierCounts = { previousDay: count.optional(), previousWeek: count.optional() }

/** What a manager sees first. All numbers are of the same orders at the same instant, so that they add up. */
export const overviewAnswer = z.object({
  /** The period: from the beginning of its first day, or of a shift, to the end of its last day, or now. */
  from: instant,
  to: instant,
  /** When the current shift began, or the last one outside of working time; left out: the calendar has no shifts. */
  shiftBeganAt: instant.optional(),
  overdue: z.object({
    count,
    unclaimed: count,
    /** Open orders that are held against a limit at all. */
    judged: count,
    ...earlierCounts,
    /** More than this are too many; left out where less than whole processes is chosen, for which nobody has set one. */
    ceiling: count.optional(),
  }),
  stalled: z.object({ count, judged: count, ...earlierCounts }),
  /** `soon` of them reach their limit within `soonWithinMs` of working time. */
  atRisk: z.object({ count, soon: count, soonWithinMs: z.int().positive(), ...earlierCounts }),
  open: z.object({ count, held: count, arrived: count, departed: count }),
  signed: signedOrders.extend({
    /** The period of the same length before; since a shift began: as much of the shift before. */
    previous: signedOrders,
    /** Goals of the process; left out: it has none, or several processes are chosen. */
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
