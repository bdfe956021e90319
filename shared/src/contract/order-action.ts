import { z } from 'zod'
import { eventLimits } from './event.ts'
import { failing } from './field-issue.ts'

/** The most that somebody may write about an order. */
export const maxCommentLength = 2_000

const reason = z.string().trim().min(1).max(eventLimits.factText)
const optionalReason = reason.optional()

/**
 * What somebody does to one order from a page. Each becomes an event of the source `desk`, whose actor is the person.
 */
export const orderAction = z.discriminatedUnion('action', [
  /** The person has the order from now on. */
  z.strictObject({ action: z.literal('claim') }),
  z.strictObject({
    action: z.literal('assign'),
    owner: z.string().trim().min(1).max(eventLimits.actor),
    reason: optionalReason,
  }),
  /** Why it waits; shown beside it in every list. */
  z.strictObject({ action: z.literal('explain'), reason }),
  z.strictObject({ action: z.literal('comment'), comment: z.string().trim().min(1).max(maxCommentLength) }),
  /** The clock of its limit stops until it is resumed. */
  z.strictObject({ action: z.literal('hold'), reason }),
  z.strictObject({ action: z.literal('resume'), reason: optionalReason }),
  z.strictObject({ action: z.literal('complete'), reason: optionalReason }),
  z.strictObject({ action: z.literal('cancel'), reason }),
])

export const orderActionRequest = z.strictObject({
  /** Chosen by the page: the same request sent again does nothing more. */
  id: z
    .string()
    .refine((text) => /^[\w-]{16,64}$/.test(text), failing('wrong_form', 'must be 16 to 64 letters, digits, _ or -')),
  /** The stage that the order was in when the person decided; left out: in none. */
  stage: z.string().max(eventLimits.stage).optional(),
  do: orderAction,
})

export const orderActionAnswer = z.object({
  /** How far the log is contained in what this server shows; the order as it is then contains what was done. */
  position: z.string(),
})

export type OrderAction = z.infer<typeof orderAction>
export type OrderActionRequest = z.infer<typeof orderActionRequest>
export type OrderActionAnswer = z.infer<typeof orderActionAnswer>
