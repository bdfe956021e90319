import { z } from 'zod'
import { localText } from './names.ts'

const instant = z.int()
const durationMs = z.number().nonnegative()

/** A concurrent activity in a stage other than the order's current one. */
export const alongside = z.object({
  stage: z.string(),
  stageName: localText,
  enteredAt: instant,
  owner: z.string().optional(),
  department: z.string().optional(),
})

/** An order as lists show it. Facts that no event has given are omitted. */
export const orderSummary = z.object({
  order: z.string(),
  process: z.string(),
  status: z.enum(['open', 'completed', 'cancelled']),
  /** Status in its current stage. The flags overlap: an order may be overdue and stalled. */
  overdue: z.boolean(),
  atRisk: z.boolean(),
  stalled: z.boolean(),
  held: z.boolean(),
  /** When the hold ends by itself. Undefined: not on hold, or on hold until somebody resumes it. */
  heldUntil: instant.optional(),
  /** Overdue without an owner. */
  unclaimed: z.boolean(),
  /** Current stage. Undefined between stages and after its end, like the seven fields that follow. */
  stage: z.string().optional(),
  stageName: localText.optional(),
  enteredAt: instant.optional(),
  owner: z.string().optional(),
  reason: z.string().optional(),
  /** Concurrent activities, in the order of their start. Undefined: there are none. */
  alongside: z.array(alongside).optional(),
  /** The person who acknowledged the order in its current stage, and when. Undefined: nobody. */
  acknowledged: z.object({ at: instant, by: z.string().optional() }).optional(),
  /** When the target is passed; also undefined while the order is on hold without an end. */
  dueAt: instant.optional(),
  /** Time since the target was passed; only for overdue orders. */
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
  /** Tracking number of the carrier. */
  waybill: z.string().optional(),
  placedAt: instant.optional(),
  endedAt: instant.optional(),
  /** Natural time from when it was placed (its first event, if no event says so) to its end or now. */
  ageMs: durationMs,
})

export type Alongside = z.infer<typeof alongside>
export type OrderSummary = z.infer<typeof orderSummary>
