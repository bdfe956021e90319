import { z } from 'zod'
import { failing } from './field-issue.ts'
import { eventTypes } from '../domain/order-event.ts'
import { waitCauses } from '../domain/stage-visit.ts'
import { localText } from './local-text.ts'
import { holdReason } from './process.ts'
import { choice } from './choice.ts'
import { translations } from './translations.ts'

const instant = z.int()
const durationMs = z.number().nonnegative()
const count = z.int().nonnegative()

/** A parameter that a form leaves empty says nothing. */
const text = (limit: number) =>
  z
    .string()
    .max(limit)
    .transform((value) => (value === '' ? undefined : value))
    .optional()

const limitUpTo = (most: number, usual: number) =>
  z
    .string()
    .refine(
      (digits) => /^\d+$/.test(digits) && digits.length <= String(most).length,
      failing('wrong_form', `must be a number from 1 to ${most}`),
    )
    .transform(Number)
    .pipe(z.int().min(1).max(most))
    .default(usual)
    .meta({ type: 'integer', minimum: 1, maximum: most, default: usual })

/** What a list of orders can be sorted by, both ways; beside these, a list that is searched by the best match. */
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

/** Which orders, and in what order they come. */
export const ordersQuery = z.strictObject({
  ...choice,
  /** `unclaimed`: overdue without an owner. Left out: all orders. */
  status: z.enum(['open', 'overdue', 'atRisk', 'stalled', 'held', 'unclaimed', 'completed']).optional(),
  /** Code of the stage in which the order is now. */
  stage: text(200),
  /**
   * Part of the number, the waybill, the customer, the product or the owner. Upper and lower case, full and half width are
   * the same; no character is special.
   */
  q: text(100),
  /**
   * Best match, last ended, longest overdue, oldest, longest in its stage, earliest promise, largest amount or quantity
   * first, stages in the order of the process, and texts and numbers of orders ascending; with a minus sign the other way
   * round. Left out: see `usualSort`.
   */
  sort: z.enum(['match', ...orderSorts, ...orderSorts.map((sort) => `-${sort}` as const)]).optional(),
  limit: limitUpTo(500, 50),
  /** From the answer that gave the page before; the other parameters stay as they were. */
  cursor: text(2_000),
})

/** By what a list is sorted for which nobody has said it: of what is searched the best match comes first. */
export function usualSort({ q, status }: Pick<OrdersQuery, 'q' | 'status'>): OrderSort {
  if (q !== undefined) return 'match'
  return status === 'completed' ? 'ended' : 'overdue'
}

/** Which orders a file is to hold: all that a list would show page by page. */
export const ordersFileQuery = ordersQuery.omit({ limit: true, cursor: true }).extend({
  /** Language of the titles and of the names of stages, `zh` or `en`; left out: the one that the browser prefers. */
  lang: text(20),
})

/** An order as a list shows it. Facts that no event has given are left out. */
export const orderSummary = z.object({
  order: z.string(),
  process: z.string(),
  status: z.enum(['open', 'completed', 'cancelled']),
  /** Of its current stage. They overlap: an order may be overdue and stalled. */
  overdue: z.boolean(),
  atRisk: z.boolean(),
  stalled: z.boolean(),
  held: z.boolean(),
  /** When the hold ends by itself; left out: it is not on hold, or stays so until somebody resumes it. */
  heldUntil: instant.optional(),
  /** Overdue, and nobody has it. */
  unclaimed: z.boolean(),
  /** Where it is now; left out between stages and after its end, like the six that follow. */
  stage: z.string().optional(),
  stageName: localText.optional(),
  enteredAt: instant.optional(),
  owner: z.string().optional(),
  reason: z.string().optional(),
  /** Who has said here that they have seen how it is and look after it; left out: nobody. */
  acknowledged: z.object({ at: instant, by: z.string().optional() }).optional(),
  /** When the target is passed; also left out while the order is on hold without an end. */
  dueAt: instant.optional(),
  /** How long the target has been passed; only of overdue orders. */
  overdueMs: durationMs.optional(),
  customer: z.string().optional(),
  /** Class of the customer. */
  customerClass: z.string().optional(),
  product: z.string().optional(),
  quantity: z.number().optional(),
  amount: z.number().optional(),
  /** ISO 4217 code of `amount`. */
  currency: z.string().optional(),
  promisedAt: instant.optional(),
  priority: z.string().optional(),
  department: z.string().optional(),
  /** Number by which the carrier knows the parcel. */
  waybill: z.string().optional(),
  placedAt: instant.optional(),
  endedAt: instant.optional(),
  /** Natural time from being placed (its first event, if none says so) to its end or now. */
  ageMs: durationMs,
})

export const ordersAnswer = z.object({
  orders: z.array(orderSummary),
  /** Orders on all pages together. */
  total: count,
  /** Orders that ended before this instant are read from the database, and follow all others; left out: there are none. */
  memoryFrom: instant.optional(),
  /** Asks for the next page; left out on the last one. */
  cursor: z.string().optional(),
  /** What texts of the answer are called in other languages, by the text; left out: none has a translation. */
  translations: translations.optional(),
  asOf: instant,
  position: z.string(),
})

/** A length of time by the wall clock, and by the calendar of the visit. */
const twoClocks = z.object({ elapsedMs: durationMs, workingMs: durationMs })

/** One stay in a stage. Durations of a visit that is open count up to `asOf`. */
const orderVisit = z.object({
  stage: z.string(),
  name: localText,
  /** 1 for the first visit of the stage; from 2 on it is rework. */
  nth: z.int().positive(),
  enteredAt: instant,
  startedAt: instant.optional(),
  leftAt: instant.optional(),
  /** The order was cancelled here: the visit counts in no duration. */
  cancelled: z.literal(true).optional(),
  elapsedMs: durationMs,
  /** By the visit's calendar; equal to `elapsedMs` where it has none. */
  workingMs: durationMs,
  /** Before work began, holds left out; left out while no event has said when that was, nor what it waits for. */
  waitingMs: durationMs.optional(),
  heldMs: durationMs,
  /** Where the time went. Held, waiting, working and unsaid (nobody has told) add up to the whole on either clock. */
  times: z.object({ held: twoClocks, waiting: twoClocks, working: twoClocks, unsaid: twoClocks }),
  /** What of the waiting and held time had which cause, as events said. */
  waits: z.array(twoClocks.extend({ cause: z.enum(waitCauses) })),
  /** Working ms; left out without a target. */
  targetMs: durationMs.optional(),
  /** The visit is held against `targets[rule]` of its stage; left out: against the stage's own limits. */
  rule: count.optional(),
  /** The promise came before the target and is the limit. */
  byPromise: z.literal(true).optional(),
  /** A daily cut-off came before the target and the promise and is the limit. */
  byCutOff: z.literal(true).optional(),
  /** When the target is, or was, passed; left out without a target, and where the visit ended before. */
  dueAt: instant.optional(),
  /** By how much the target was passed, working ms, holds not counted; left out without a target. */
  overdueMs: durationMs.optional(),
  /** Who had the order during that time, nobody where `owner` is left out; the parts add up to the whole. */
  overdueBy: z.array(twoClocks.extend({ owner: z.string().optional() })),
  owner: z.string().optional(),
  /** Who had it since when, when that changed within the visit. */
  handovers: z
    .array(z.object({ at: instant, owner: z.string() }))
    .readonly()
    .optional(),
  department: z.string().optional(),
  reason: z.string().optional(),
})

/** What the data of an event says in fields that have a meaning here. */
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
  /** Of a hold: when it ends by itself. */
  until: instant.optional(),
  /** Of a hold: it changes the one that goes on. */
  changesHold: z.boolean().optional(),
  waitingFor: z.string().optional(),
  reason: z.string().optional(),
  /** Of a note: `text` says why the order waits, `comment` is said about it. */
  text: z.string().optional(),
  comment: z.string().optional(),
  /** Names of the people whom the comment mentions. */
  mentions: z.array(z.string()).optional(),
  /** Of an assignment: who has the order from then on. */
  owner: z.string().optional(),
  /** Of the event that this one takes back. */
  source: z.string().optional(),
  id: z.string().optional(),
})

/** An event of the order as the log holds it. */
const loggedEvent = z.object({
  source: z.string(),
  id: z.string(),
  type: z.enum(eventTypes),
  stage: z.string().optional(),
  occurredAt: instant,
  /** When it was stored here. */
  recordedAt: instant,
  /** It came with an import or a replay, so that when it was stored says nothing. */
  imported: z.boolean(),
  actor: z.string().optional(),
  sequence: z.int().optional(),
  data: eventData,
  /** What else the source sent with it; only for those from whom the site hides nothing and who see all departments. */
  otherData: z.record(z.string(), z.unknown()).optional(),
  /** Another event took it back, so that it counts no more. */
  voided: z.boolean(),
})

/** Which visits and events of one order. Nearly every order has less of them than a page. */
export const orderPartQuery = z.strictObject({
  site: z.string().optional(),
  /** So many visits and so many events. */
  limit: limitUpTo(1_000, 500),
  /** From the answer that gave the page of visits before. */
  visitsCursor: text(100),
  /** From the answer that gave the page of events before. */
  eventsCursor: text(4_000),
})

/** Everything about one order. */
export const orderDetail = orderSummary.extend({
  firstAt: instant,
  lastEventAt: instant,
  /** How often a stage event came after its end. */
  reopenedCount: count,
  complaintCount: count,
  visits: z.array(orderVisit),
  /** Visits on all pages together. */
  visitCount: count,
  /** Asks for the next page of visits; left out on the last one. */
  visitsCursor: z.string().optional(),
  /** What its current limit was before somebody changed the promise, the process or a calendar; the newest first. */
  dueHistory: z.array(
    z.object({
      /** Until when it counted. */
      until: instant,
      by: z.enum(['promise', 'process', 'calendar']),
      /** Name of who changed it; left out where nobody is named. */
      actor: z.string().optional(),
      /** Of the event that changed it, where it names nobody; see `sourceNames`. */
      source: z.string().optional(),
      /** Left out: there was no limit. */
      dueAt: instant.optional(),
      promisedAt: instant.optional(),
    }),
  ),
  /** In the order in which they apply. */
  events: z.array(loggedEvent),
  /** What people choose from when they hold the order in its stage; left out: they write why. See `StageDefinition`. */
  holdReasons: z.array(holdReason).readonly().optional(),
  /** Asks for the next page of events; left out on the last one. */
  eventsCursor: z.string().optional(),
  /** See `ordersAnswer`. */
  translations: translations.optional(),
  /** What the sources of this page of events are called, by their codes; left out are those that have no other name. */
  sourceNames: z.record(z.string(), localText).optional(),
  asOf: instant,
  position: z.string(),
})

export type OrdersQuery = z.infer<typeof ordersQuery>
export type OrderSort = NonNullable<OrdersQuery['sort']>
export type OrdersFileQuery = z.infer<typeof ordersFileQuery>
export type OrderPartQuery = z.infer<typeof orderPartQuery>
export type OrdersAnswer = z.infer<typeof ordersAnswer>
export type OrderSummary = z.infer<typeof orderSummary>
export type OrderVisit = z.infer<typeof orderVisit>
export type EventDataView = z.infer<typeof eventData>
export type LoggedEvent = z.infer<typeof loggedEvent>
export type OrderDetail = z.infer<typeof orderDetail>
