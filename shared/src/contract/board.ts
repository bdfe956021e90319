import { z } from 'zod'
import { stageStates } from '../domain/stage-state.ts'
import { localText, translations } from './names.ts'
import { privacy } from './privacy.ts'

const count = z.int().nonnegative()
const instant = z.int()
const ratio = z.number().min(0)

/**
 * A row of the overdue or upcoming list. The client computes the running time itself, so that a row need not be sent
 * every second: the time past its limit is `stoppedOverMs` if present, else `now - (overFrom ?? dueAt)`; negative
 * values are time left.
 */
export const boardRow = z.object({
  order: z.string(),
  /**
   * `#` and the shortest part of the number that is unique among the orders of the site; searching for it finds the
   * order.
   */
  short: z.string(),
  stage: z.string(),
  state: z.enum(stageStates),
  customer: z.string().optional(),
  owner: z.string().optional(),
  /** At risk or overdue without an owner. */
  unclaimed: z.boolean(),
  /** Somebody has acknowledged the order in this stage. Undefined: nobody has. */
  acknowledged: z.literal(true).optional(),
  reason: z.string().optional(),
  /** When the target is passed; undefined while a hold prevents that. */
  dueAt: instant.optional(),
  /** Start of counting if later than `dueAt`, because nights or holds after `dueAt` do not count. */
  overFrom: instant.optional(),
  /**
   * Time past the limit while the clock is stopped, on hold or outside of working time, ms; negative before the limit.
   */
  stoppedOverMs: z.int().optional(),
  limitMs: z.int().positive(),
})

/** Rows in display order. `total` counts all rows, `order` lists those that are sent (at most 60). */
const boardList = z.object({ total: count, order: z.array(z.string()), rows: z.record(z.string(), boardRow) })

export const stageColumn = z.object({
  name: localText,
  wip: count,
  overdue: count,
  atRisk: count,
  stalled: count,
  held: count,
  /** Number of open orders without a limit, which are never at risk or overdue. Undefined: all have a limit. */
  withoutLimit: count.optional(),
  /** No order here has a limit, so an overdue count of zero is meaningless. Undefined: some have. */
  unjudged: z.literal(true).optional(),
  /**
   * Median dwell of the visits that ended in the last 24 h and of the orders that are in the stage now, whose time so
   * far is a lower bound. While more than half of them are still in the stage, it is the median so far, and the true
   * one is longer. Undefined with fewer than 5 ended visits, unless it is above the target.
   */
  medianMs: z.number().nonnegative().optional(),
  /** Visits that ended in the last 24 h. */
  medianCount: count,
  targetMs: z.int().positive().optional(),
  toleranceRatio: ratio,
  arrivalsToday: count,
  departuresToday: count,
  /** The late source among those that feed this stage, if any. */
  lateSource: z.string().optional(),
})

/** State of a stage at the start of an hour; null if it is unknown because its source was silent. */
export const heatCell = z.object({ wip: count, overdue: count }).nullable()

export const sourceFreshness = z.object({
  name: localText,
  /** When the server last received an event from it. */
  lastReceivedAt: instant,
  /** Expected reporting interval, ms. Undefined: none is configured, so the source is never late. */
  intervalMs: z.int().positive().optional(),
  late: z.boolean(),
})

/**
 * Number of open orders that have a limit. If it is 0 while orders are open, the count beside it is 0 because nothing
 * is evaluated, not because all is well. Older servers omit it.
 */
const judged = count.optional()

export const kpis = z.object({
  overdue: z.object({
    count,
    unclaimed: count,
    judged,
    /** At the same clock time on the previous day; undefined while no data reaches back that far. */
    previousDay: count.optional(),
    /** Counts above this are considered too high. */
    ceiling: count,
  }),
  /** `afterMs` is the threshold, if all stages share one; `judged` counts the orders that have one. */
  stalled: z.object({ count, judged, afterMs: z.int().positive().optional() }),
  /** `soon` of them reach their limit within `soonWithinMs`. */
  atRisk: z.object({ count, judged, soon: count, soonWithinMs: z.int().positive(), soonCeiling: count.optional() }),
  /** Orders signed today that had a promised date, and those that met it. */
  onTime: z.object({ signed: count, onTime: count, targetRatio: ratio.optional() }),
  open: z.object({ count, inToday: count, outToday: count }),
  /** Natural time from placed to signed over the orders signed in the last 7 days. */
  leadTime: z.object({ medianMs: z.number().optional(), count, targetMs: z.int().positive().optional() }),
})

/** Distance of a stage's open orders from their limits, in equal bins; the bin at `limitAt` begins at the limit. */
const stageAgeing = z.object({
  stepMs: z.int().positive(),
  limitAt: count,
  /** Orders by the state of their glyph; states without orders are omitted. */
  bins: z.array(z.partialRecord(z.enum(stageStates), count)),
  /** Number of orders on track that are in no bin, because the stage has too many to draw. */
  leftOut: count.optional(),
})

/** Details of one stage. */
const stageFocus = z.object({
  /** At most 16 rows. */
  overdue: boardList,
  /** At most 8 rows. */
  upcoming: boardList,
  /** Reasons why the overdue orders wait, most frequent first; at most 4. Entries without `reason`: none was given. */
  reasons: z.array(z.object({ reason: z.string().optional(), count })),
  ageing: stageAgeing,
})

/** View model of one screen: it contains every number that is shown, so that clients derive nothing. */
export const board = z.object({
  board: z.string(),
  /** Identifies the server start; versions of different epochs cannot be compared. */
  epoch: z.string(),
  version: count,
  /** Set during a replay of the past, at `speed` times the original speed. Undefined: live data. */
  recording: z.object({ from: instant, to: instant, speed: z.number().positive() }).optional(),
  /** The departments whose visits are counted. Undefined: all. */
  departments: z.array(z.string()).readonly().optional(),
  /** Which details of customers and people were removed. */
  privacy,
  /** The instant at which the numbers were true, by the server's clock, epoch ms. */
  asOf: instant,
  /**
   * Set while the server is cut off from its database: the numbers are frozen as of this instant, epoch ms. Undefined:
   * they are those of `asOf`.
   */
  dataAsOf: instant.optional(),
  /** Position up to which the event log is included. */
  position: z.string(),
  site: z.object({ code: z.string(), name: localText, timeZone: z.string(), sample: z.boolean() }),
  process: z.object({
    code: z.string(),
    name: localText,
    /** At least one of its stages has a calendar, so limits are working time. */
    hasCalendar: z.boolean(),
  }),
  /** Every stage with a calendar is outside of working time; stages that work around the clock do not count. */
  offShift: z.boolean(),
  kpis,
  /** Overdue orders every `stepMs` from the start of the day: for today up to now, and for the whole previous day. */
  trend: z.object({ stepMs: z.int().positive(), today: z.array(count), previousDay: z.array(count) }),
  /** Column order. */
  stageOrder: z.array(z.string()),
  stages: z.record(z.string(), stageColumn),
  /** `marks`: the last full hours, newest first; `cells[stage][i]` belongs to `marks[i]`. */
  heatmap: z.object({ marks: z.array(instant), cells: z.record(z.string(), z.array(heatCell)) }),
  /** The highlighted stage. */
  bottleneck: z.string().optional(),
  /** Open orders whose current stage has passed its limit, longest first. */
  overdue: boardList,
  /** Orders at risk, soonest first; at most 12 rows. */
  upcoming: boardList,
  /** The worst stages, by code: at most 6. Older servers omit it. */
  focus: z.record(z.string(), stageFocus).optional(),
  /**
   * Start of the site's last day on which an order arrived, moved or ended; undefined if there was none. If that is
   * long ago, all the data shown is old.
   */
  lastMovedOn: instant.optional(),
  /** The newest breach; `count` > 1 when several orders of a stage turned overdue within 10 s. */
  newestBreach: z.object({ at: instant, count: count, row: boardRow }).optional(),
  /**
   * Names in other languages of the customers, owners, reasons and departments on the board, by the original text.
   * Texts without a translation are absent. Undefined: none has one.
   */
  translations: translations.optional(),
  /** At most 20: the late ones first, longest silent first, then the most recently active. */
  sources: z.record(z.string(), sourceFreshness),
  /** The sources that are not listed. Undefined: there are none. */
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
