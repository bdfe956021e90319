import { z } from 'zod'
import { stageStates } from '../domain/stage-state.ts'
import { localText } from './local-text.ts'
import { privacy } from './privacy.ts'
import { translations } from './translations.ts'

const count = z.int().nonnegative()
const instant = z.int()
const ratio = z.number().min(0)

/**
 * A row of the overdue or upcoming list. The client counts the working time itself, so that a row does not travel every
 * second: past its limit by `stoppedOverMs` where that is there, else by `now - (overFrom ?? dueAt)`; negative is left.
 */
export const boardRow = z.object({
  order: z.string(),
  /** `#` and the shortest piece of the number that tells the orders of the site apart; a search for it finds the order. */
  short: z.string(),
  stage: z.string(),
  state: z.enum(stageStates),
  customer: z.string().optional(),
  owner: z.string().optional(),
  /** At risk or overdue with no owner. */
  unclaimed: z.boolean(),
  reason: z.string().optional(),
  /** When the target is passed; undefined while a hold keeps that from coming. */
  dueAt: instant.optional(),
  /** From when to count instead, because nights or holds after `dueAt` do not count. */
  overFrom: instant.optional(),
  /** The clock stands still, on hold or outside of working time: how far past its limit, ms; negative before it. */
  stoppedOverMs: z.int().optional(),
  limitMs: z.int().positive(),
})

/** Rows in the order of the screen. `total` counts all, `order` names those that are sent (at most 60). */
const boardList = z.object({ total: count, order: z.array(z.string()), rows: z.record(z.string(), boardRow) })

export const stageColumn = z.object({
  name: localText,
  wip: count,
  overdue: count,
  atRisk: count,
  stalled: count,
  held: count,
  /** Open orders that no limit judges, so that they are never at risk or overdue; left out: all have one. */
  withoutLimit: count.optional(),
  /** No order is held against a limit here, so that a zero of overdue says nothing; left out: some are. */
  unjudged: z.literal(true).optional(),
  /**
   * Median dwell of the visits that ended in the last 24 h and of the orders that are in the stage now, which take at
   * least as long as they have been there. While more than half of these are still there, it is the median so far, and
   * the true one is longer. Undefined below 5 visits that ended, unless it is above the target.
   */
  medianMs: z.number().nonnegative().optional(),
  /** Visits that ended in the last 24 h. */
  medianCount: count,
  targetMs: z.int().positive().optional(),
  toleranceRatio: ratio,
  arrivalsToday: count,
  departuresToday: count,
  /** The source that feeds this stage and is late, if one is. */
  lateSource: z.string().optional(),
})

/** State of a stage at the turn of an hour; null where its source was silent, so that nobody knows. */
export const heatCell = z.object({ wip: count, overdue: count }).nullable()

export const sourceFreshness = z.object({
  name: localText,
  /** When the server last received something from it. */
  lastReceivedAt: instant,
  /** How often it is expected to report, ms; undefined: nobody has said, so it is never late. */
  intervalMs: z.int().positive().optional(),
  late: z.boolean(),
})

/**
 * Open orders that are held against a limit at all. While it is 0 and orders are open, the count beside it is 0 because
 * nothing is judged, not because all is well. A server of an earlier version leaves it out.
 */
const judged = count.optional()

export const kpis = z.object({
  overdue: z.object({
    count,
    unclaimed: count,
    judged,
    /** The same clock time on the previous day; undefined while the record is shorter than that. */
    previousDay: count.optional(),
    /** More than this are too many. */
    ceiling: count,
  }),
  /** `afterMs` is the threshold, when all stages share one; `judged` counts those that have any. */
  stalled: z.object({ count, judged, afterMs: z.int().positive().optional() }),
  /** `soon` of them reach their limit within `soonWithinMs`. */
  atRisk: z.object({ count, judged, soon: count, soonWithinMs: z.int().positive(), soonCeiling: count.optional() }),
  /** Orders signed today that had a promise, and those of them that kept it. */
  onTime: z.object({ signed: count, onTime: count, targetRatio: ratio.optional() }),
  open: z.object({ count, inToday: count, outToday: count }),
  /** Natural time from placed to signed over the orders signed in the last 7 days. */
  leadTime: z.object({ medianMs: z.number().optional(), count, targetMs: z.int().positive().optional() }),
})

/** How far the open orders of a stage are from their limits, in equal bins; the one at `limitAt` begins at the limit. */
const stageAgeing = z.object({
  stepMs: z.int().positive(),
  limitAt: count,
  /** Orders by the state of their glyph; a state that none has is left out. */
  bins: z.array(z.partialRecord(z.enum(stageStates), count)),
  /** Orders on track that are in no bin, because the stage has too many to draw. */
  leftOut: count.optional(),
})

/** One stage in full. */
const stageFocus = z.object({
  /** At most 16 rows. */
  overdue: boardList,
  /** At most 8 rows. */
  upcoming: boardList,
  /** Why the overdue orders wait, the most frequent reason first; at most 4. Without `reason`: nobody has given one. */
  reasons: z.array(z.object({ reason: z.string().optional(), count })),
  ageing: stageAgeing,
})

/** The view model of one screen: every number that it shows, and nothing it must compute from something else. */
export const board = z.object({
  board: z.string(),
  /** Of one server start: versions of different epochs cannot be compared. */
  epoch: z.string(),
  version: count,
  /** Undefined: the present. Otherwise what is shown is the past again, so many times as fast as it went. */
  recording: z.object({ from: instant, to: instant, speed: z.number().positive() }).optional(),
  /** The departments whose visits the numbers are made of; undefined: all. */
  departments: z.array(z.string()).readonly().optional(),
  /** What of customers and people has been left out. */
  privacy,
  /** The server's clock when the numbers were true, epoch ms. */
  asOf: instant,
  /**
   * The server is cut off from its database: the numbers stand still and are those of this instant, epoch ms.
   * Undefined: they are those of `asOf`.
   */
  dataAsOf: instant.optional(),
  /** How far the event log is contained. */
  position: z.string(),
  site: z.object({ code: z.string(), name: localText, timeZone: z.string(), sample: z.boolean() }),
  process: z.object({
    code: z.string(),
    name: localText,
    /** A calendar counts in some of its stages, so that limits are working time. */
    hasCalendar: z.boolean(),
  }),
  /** Every stage with a calendar rests now; one that works around the clock keeps nobody from going home. */
  offShift: z.boolean(),
  kpis,
  /**
   * Overdue orders every `stepMs` from the start of the day: today up to now, and the whole previous day.
   */
  trend: z.object({ stepMs: z.int().positive(), today: z.array(count), previousDay: z.array(count) }),
  /** Column order. */
  stageOrder: z.array(z.string()),
  stages: z.record(z.string(), stageColumn),
  /** `marks`: the last full hours, newest first; `cells[stage][i]` belongs to `marks[i]`. */
  heatmap: z.object({ marks: z.array(instant), cells: z.record(z.string(), z.array(heatCell)) }),
  /** The stage that is framed. */
  bottleneck: z.string().optional(),
  /** Open orders whose current stage has passed its limit, longest first. */
  overdue: boardList,
  /** Orders at risk, soonest first; at most 12 rows. */
  upcoming: boardList,
  /** The worst stages, by code: at most 6. A server of an earlier version leaves it out. */
  focus: z.record(z.string(), stageFocus).optional(),
  /**
   * When the site's day began on which an order last came, moved or ended; undefined: none ever did. Where that is long
   * ago, what is shown is old as a whole.
   */
  lastMovedOn: instant.optional(),
  /** The newest breach; `count` > 1 when several orders of a stage turned overdue within 10 s. */
  newestBreach: z.object({ at: instant, count: count, row: boardRow }).optional(),
  /**
   * What customers, owners, reasons and departments that the board names are called in other languages, by the text
   * that stands there. A text that is not among them has no other name; undefined: none has one.
   */
  translations: translations.optional(),
  /** At most 20: the late ones, the longest silent first, then those that spoke last. */
  sources: z.record(z.string(), sourceFreshness),
  /** Those that are not named; undefined: there are none. */
  moreSources: z.object({ count, lateCount: count }).optional(),
})

export type Board = z.infer<typeof board>
export type BoardRow = z.infer<typeof boardRow>
export type BoardList = z.infer<typeof boardList>
export type StageFocus = z.infer<typeof stageFocus>
export type StageColumn = z.infer<typeof stageColumn>
export type HeatCell = z.infer<typeof heatCell>
export type SourceFreshness = z.infer<typeof sourceFreshness>
export type Kpis = z.infer<typeof kpis>
