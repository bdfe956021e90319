import { z } from 'zod'
import { limitUpTo } from './query-parameters.ts'
import { eventTypes } from '../domain/order-event.ts'
import { waitCauses } from '../domain/stage-visit.ts'
import { localText, translations } from './names.ts'
import { orderSummary } from './order-summary.ts'
import { holdReason } from './process.ts'
import { choice } from './choice.ts'

const instant = z.int()
const durationMs = z.number().nonnegative()
const count = z.int().nonnegative()

/** A parameter that a form leaves empty is ignored. */
const text = (limit: number) =>
  z
    .string()
    .max(limit)
    .transform((value) => (value === '' ? undefined : value))
    .optional()

/** Sort keys of lists of orders, in both directions; search results can also be sorted by the best match. */
export const orderSorts = [
  'ended',
  'overdue',
  'age',
  'dwell',
  'promise',
  'order',
  'stage',
  'customer',
  'customerClass',
  'owner',
  'product',
  'quantity',
  'amount',
  'department',
  'priority',
] as const

/** Which orders, and how they are sorted. */
export const ordersQuery = z.strictObject({
  ...choice,
  /** `unclaimed`: overdue without an owner. Undefined: all orders. */
  status: z.enum(['open', 'overdue', 'atRisk', 'stalled', 'held', 'unclaimed', 'completed']).optional(),
  /** Code of the order's current stage. */
  stage: text(200),
  /**
   * Part of the number, the waybill, the customer, the product or the owner. The search ignores case and character
   * width; no character is special.
   */
  q: text(100),
  /**
   * Best match, last ended, longest overdue, oldest, longest in its stage, earliest promise, largest amount or quantity
   * first, stages in the order of the process, and texts and order numbers ascending; a minus sign reverses the
   * direction. Default: see `usualSort`.
   */
  sort: z.enum(['match', ...orderSorts, ...orderSorts.map((sort) => `-${sort}` as const)]).optional(),
  limit: limitUpTo(500, 50),
  /** Taken from the response with the previous page; the other parameters must not change. */
  cursor: text(2_000),
})

/** Default sort key of a list: search results are sorted by the best match. */
export function usualSort({ q, status }: Pick<OrdersQuery, 'q' | 'status'>): OrderSort {
  if (q !== undefined) return 'match'
  return status === 'completed' ? 'ended' : 'overdue'
}

/** Which orders a file contains: all orders that a list would show page by page. */
export const ordersFileQuery = ordersQuery.omit({ limit: true, cursor: true }).extend({
  /** Language of the column titles and of stage names, `zh` or `en`. Undefined: the one that the browser prefers. */
  lang: text(20),
})

export const ordersAnswer = z.object({
  orders: z.array(orderSummary),
  /** Number of orders on all pages. */
  total: count,
  /**
   * Orders that ended before this instant are read from the database and are listed last. Undefined: there are none.
   */
  memoryFrom: instant.optional(),
  /** Cursor of the next page; undefined on the last one. */
  cursor: z.string().optional(),
  /** Names of the response's texts in other languages, by text. Undefined: none has a translation. */
  translations: translations.optional(),
  asOf: instant,
  position: z.string(),
})

/** A duration by the wall clock, and by the calendar of the visit. */
const twoClocks = z.object({ elapsedMs: durationMs, workingMs: durationMs })

/** One visit to a stage. Durations of an open visit are measured up to `asOf`. */
const orderVisit = z.object({
  stage: z.string(),
  name: localText,
  /** 1 for the first visit of the stage; from 2 on the visit is rework. */
  nth: z.int().positive(),
  enteredAt: instant,
  startedAt: instant.optional(),
  leftAt: instant.optional(),
  /** The order was cancelled during this visit, which therefore is not included in duration statistics. */
  cancelled: z.literal(true).optional(),
  elapsedMs: durationMs,
  /** By the visit's calendar; equal to `elapsedMs` if it has none. */
  workingMs: durationMs,
  /**
   * Time before work began, holds excluded. Undefined if no event has reported the start of work or a cause of waiting.
   */
  waitingMs: durationMs.optional(),
  heldMs: durationMs,
  /** Breakdown of the time. Held, waiting, working and unsaid (not reported) add up to the whole on either clock. */
  times: z.object({ held: twoClocks, waiting: twoClocks, working: twoClocks, unsaid: twoClocks }),
  /** Waiting and held time by cause, as reported by events. */
  waits: z.array(twoClocks.extend({ cause: z.enum(waitCauses) })),
  /** Working ms; undefined without a target. */
  targetMs: durationMs.optional(),
  /** The visit is evaluated against `targets[rule]` of its stage. Undefined: against the stage's own limits. */
  rule: count.optional(),
  /** The promised date is the limit, because it is earlier than the target. */
  byPromise: z.literal(true).optional(),
  /** A daily cut-off is the limit, because it is earlier than the target and the promised date. */
  byCutOff: z.literal(true).optional(),
  /** When the target is, or was, passed. Undefined without a target, and if the visit ended before. */
  dueAt: instant.optional(),
  /** By how much the target was passed, working ms, holds excluded; undefined without a target. */
  overdueMs: durationMs.optional(),
  /** Overdue time by owner, `owner` being undefined for time without one; the parts add up to the whole. */
  overdueBy: z.array(twoClocks.extend({ owner: z.string().optional() })),
  owner: z.string().optional(),
  /** Owners and when they took over, if the owner changed within the visit; only the last 200. */
  handovers: z
    .array(z.object({ at: instant, owner: z.string() }))
    .readonly()
    .optional(),
  department: z.string().optional(),
  reason: z.string().optional(),
})

/** Fields of an event's data that have a defined meaning. */
const eventData = z.object({
  customer: z.string().optional(),
  customerClass: z.string().optional(),
  product: z.string().optional(),
  quantity: z.number().optional(),
  amount: z.number().optional(),
  currency: z.string().optional(),
  promisedAt: instant.optional(),
  priority: z.string().optional(),
  process: z.string().optional(),
  department: z.string().optional(),
  waybill: z.string().optional(),
  startedAt: instant.optional(),
  /** For a hold: when it ends by itself. */
  until: instant.optional(),
  /** For a hold: the event changes the current hold. */
  changesHold: z.boolean().optional(),
  waitingFor: z.string().optional(),
  reason: z.string().optional(),
  /** For a note: `text` is the reason why the order waits, `comment` is a comment about the order. */
  text: z.string().optional(),
  comment: z.string().optional(),
  /** Names of the people mentioned in the comment. */
  mentions: z.array(z.string()).optional(),
  /** For an assignment: the new owner of the order. */
  owner: z.string().optional(),
  /** For a void: source of the voided event. */
  source: z.string().optional(),
  id: z.string().optional(),
})

/** An event of the order as stored in the log. */
const loggedEvent = z.object({
  source: z.string(),
  id: z.string(),
  type: z.enum(eventTypes),
  stage: z.string().optional(),
  occurredAt: instant,
  /** When it was stored. */
  recordedAt: instant,
  /** It came with an import or a replay, so the time of storing is meaningless. */
  imported: z.boolean(),
  actor: z.string().optional(),
  sequence: z.int().optional(),
  data: eventData,
  /**
   * Further data that the source sent; only for callers from whom the site hides nothing and who see all departments.
   */
  otherData: z.record(z.string(), z.unknown()).optional(),
  /** Another event voided it, so it no longer counts. */
  voided: z.boolean(),
})

/** Which visits and events of one order. Nearly all orders fit on one page. */
export const orderPartQuery = z.strictObject({
  site: z.string().optional(),
  /** Maximum number of visits, and of events. */
  limit: limitUpTo(1_000, 500),
  /** Taken from the response with the previous page of visits. */
  visitsCursor: text(100),
  /** Taken from the response with the previous page of events. */
  eventsCursor: text(4_000),
})

/** Everything about one order. */
export const orderDetail = orderSummary.extend({
  firstAt: instant,
  lastEventAt: instant,
  /** How often a stage event occurred after its end. */
  reopenedCount: count,
  complaintCount: count,
  visits: z.array(orderVisit),
  /** Number of visits on all pages. */
  visitCount: count,
  /** Cursor of the next page of visits; undefined on the last one. */
  visitsCursor: z.string().optional(),
  /** Earlier values of its current limit, before changes of the promise, the process or a calendar; newest first. */
  dueHistory: z.array(
    z.object({
      /** When the value was replaced. */
      until: instant,
      by: z.enum(['promise', 'process', 'calendar']),
      /** Name of the person who changed it. Undefined if none is known. */
      actor: z.string().optional(),
      /** Source of the event that changed it, if that names no person; see `sourceNames`. */
      source: z.string().optional(),
      /** Undefined: there was no limit. */
      dueAt: instant.optional(),
      promisedAt: instant.optional(),
    }),
  ),
  /** In the order in which they apply. Empty if they are archived. */
  events: z.array(loggedEvent),
  /** Its events are in an archive, since `at`, and no longer in the log. */
  archived: z.object({ at: instant, archive: z.string() }).optional(),
  /**
   * Reasons to choose from when putting the order on hold in its stage; see `StageDefinition`. Undefined: free text.
   */
  holdReasons: z.array(holdReason).readonly().optional(),
  /** Cursor of the next page of events; undefined on the last one. */
  eventsCursor: z.string().optional(),
  /** See `ordersAnswer`. */
  translations: translations.optional(),
  /** Names of the sources on this page of events, by code; sources without a separate name are omitted. */
  sourceNames: z.record(z.string(), localText).optional(),
  asOf: instant,
  position: z.string(),
})

export type OrdersQuery = z.infer<typeof ordersQuery>
export type OrderSort = NonNullable<OrdersQuery['sort']>
export type OrdersFileQuery = z.infer<typeof ordersFileQuery>
export type OrderPartQuery = z.infer<typeof orderPartQuery>
export type OrdersAnswer = z.infer<typeof ordersAnswer>
export type OrderVisit = z.infer<typeof orderVisit>
export type EventDataView = z.infer<typeof eventData>
export type LoggedEvent = z.infer<typeof loggedEvent>
export type OrderDetail = z.infer<typeof orderDetail>
