import { z } from 'zod'
import { eventLimits } from './event-limits.ts'
import { failing } from './field-issue.ts'
import { problemCode } from './problem.ts'

/** Maximum length of a comment about an order. */
export const maxCommentLength = 2_000

/** Maximum number of people that a comment may mention, and that are suggested at once. */
export const maxMentions = 10

const reason = z.string().trim().min(1).max(eventLimits.factText)
const optionalReason = reason.optional()

const deskActions = [
  /** The person becomes the owner of the order. */
  z.strictObject({ action: z.literal('claim') }),
  z.strictObject({
    action: z.literal('assign'),
    owner: z.string().trim().min(1).max(eventLimits.actor),
    reason: optionalReason,
  }),
  /** Why the order waits; every list shows the reason. */
  z.strictObject({ action: z.literal('explain'), reason }),
  z.strictObject({
    action: z.literal('comment'),
    comment: z.string().trim().min(1).max(maxCommentLength),
    /** Names of people mentioned in the comment with a preceding @, see `orderPeople`. */
    mentions: z.array(z.string().max(100)).max(maxMentions).optional(),
  }),
  /** The person has seen the state of the order in its stage and takes care of it; the owner does not change. */
  z.strictObject({ action: z.literal('acknowledge') }),
  /** Stops the clock of the order's limit until it is resumed, or until an instant, epoch ms, see `isHoldEnd`. */
  z.strictObject({ action: z.literal('hold'), reason, until: z.int().optional() }),
  /** Changes the reason or end of the current hold; without `until` it no longer has an end. */
  z.strictObject({ action: z.literal('changeHold'), reason, until: z.int().optional() }),
  z.strictObject({ action: z.literal('resume'), reason: optionalReason }),
  z.strictObject({ action: z.literal('complete'), reason: optionalReason }),
  z.strictObject({ action: z.literal('cancel'), reason }),
] as const

const decidedStage = z.string().max(eventLimits.stage).optional()

/** An action on one order from a page. Each becomes an event of the source `desk`, with the person as its actor. */
export const orderAction = z.discriminatedUnion('action', [
  ...deskActions,
  /**
   * Work begins in the current stage. Between stages the order enters `stage`; the default is the one that follows the
   * last stage.
   */
  z.strictObject({ action: z.literal('start'), stage: decidedStage }),
  /**
   * The current stage is completed, and the order enters `next`; the default is the following stage, if it is
   * unambiguous.
   */
  z.strictObject({ action: z.literal('finish'), next: decidedStage }),
])

/**
 * Actions that the desk can also apply to many orders at once. `start` and `finish` are not among them, because the
 * next stage differs from order to order.
 */
export const deskAction = z.discriminatedUnion('action', deskActions)

/** Actions that may be sent later than they happened, because there was no network. */
export const reportedActions = ['start', 'finish', 'hold', 'resume'] as const
export type ReportedAction = Extract<OrderAction, { action: (typeof reportedActions)[number] }>

export function isReportedAction(action: OrderAction): action is ReportedAction {
  return reportedActions.some((name) => name === action.action)
}

/** Maximum age of a late report. */
export const maxReportAgeMs = 7 * 24 * 3_600_000

/** How far the sender's clock may be ahead; times within this tolerance count as now. */
export const reportToleranceMs = 2 * 60_000

const requestId = z
  .string()
  .refine((text) => /^[\w-]{16,64}$/.test(text), failing('wrong_form', 'must be 16 to 64 letters, digits, _ or -'))

export const orderActionRequest = z
  .strictObject({
    /** Chosen by the page: repeating the request with the same id has no further effect. */
    id: requestId,
    /** The stage that the order was in when the person decided. Undefined: in none. */
    stage: decidedStage,
    do: orderAction,
    /** When it happened, epoch ms, see `maxReportAgeMs`; only for `reportedActions`. Undefined: now. */
    at: z.int().optional(),
    /**
     * The person could not see the stage of the order: the action applies to whichever stage it was in at that time.
     */
    anyStage: z.literal(true).optional(),
    /** Id of the account that acted: the request is refused if somebody else is signed in by then. */
    person: z.string().max(100).optional(),
  })
  .refine(({ do: action, at, anyStage }) => (at === undefined && anyStage === undefined) || isReportedAction(action), {
    ...failing('wrong', `belongs to ${reportedActions.join(', ')}`),
    path: ['at'],
  })

/** Query of `GET /api/v1/orders/{order}/people`. */
export const orderPeopleQuery = z.strictObject({
  site: z.string().optional(),
  /** Part of the name, case-insensitive. Empty: everybody. */
  q: z.string().max(100).default(''),
})

const mentionedPerson = z.object({ id: z.string(), name: z.string() })
export type MentionedPerson = z.infer<typeof mentionedPerson>

/** People who can see the order, sorted by name; empty if the site hides names of people. */
export const orderPeople = z.object({ people: z.array(mentionedPerson).max(maxMentions) })

export const orderActionAnswer = z.object({
  /** Log position from which this server's data includes the action. */
  position: z.string(),
})

/**
 * Request body of `POST /api/v1/orders/{order}/corrections`: voids an event of the order, and optionally replaces it by
 * a corrected one.
 */
export const orderCorrectionRequest = z.strictObject({
  id: requestId,
  event: z.strictObject({ source: z.string().max(eventLimits.source), id: z.string().max(eventLimits.id) }),
  reason,
  /** Undefined: the event is not replaced. */
  instead: z
    .strictObject({
      /** When it happened, epoch ms. */
      occurredAt: z.int(),
      /** Undefined: the event names no stage. */
      stage: decidedStage,
    })
    .optional(),
})

/** Maximum number of orders per request. */
export const maxActedOrders = 200

const actedOrders = z
  .array(z.strictObject({ order: z.string().min(1).max(200), stage: decidedStage }))
  .min(1)
  .max(maxActedOrders)

const actionNames = [
  'claim',
  'acknowledge',
  'assign',
  'explain',
  'comment',
  'hold',
  'changeHold',
  'resume',
  'complete',
  'cancel',
] as const

/** Request body of `POST /api/v1/order-actions`: applies one action to all the orders. */
export const orderActionsRequest = z.strictObject({ id: requestId, orders: actedOrders, do: deskAction })

/** Request body of `POST /api/v1/order-actions/preview`: returns the outcome without applying the action. */
export const orderActionsPreview = z.strictObject({ orders: actedOrders, action: z.enum(actionNames) })

/** In the order of the request. A refusal for one order does not affect the others. */
export const orderActionsAnswer = z.object({
  /** As in `orderActionAnswer`. Undefined: no action was applied. */
  position: z.string().optional(),
  results: z.array(
    z.object({
      order: z.string(),
      /** Reason of the refusal. Undefined: the action was applied, or in a preview would be. */
      refused: z.object({ code: problemCode, field: z.string().optional(), message: z.string() }).optional(),
    }),
  ),
})

export type OrderAction = z.infer<typeof orderAction>
export type DeskAction = z.infer<typeof deskAction>
export type OrderActionRequest = z.infer<typeof orderActionRequest>
export type OrderCorrectionRequest = z.infer<typeof orderCorrectionRequest>
export type OrderActionAnswer = z.infer<typeof orderActionAnswer>
export type OrderActionsRequest = z.infer<typeof orderActionsRequest>
export type OrderActionsPreview = z.infer<typeof orderActionsPreview>
export type OrderActionsAnswer = z.infer<typeof orderActionsAnswer>

/** Maximum number of orders that a person follows at a site. */
export const maxFollowed = 500
/** Maximum number of people who follow an order. */
export const maxFollowers = 100

/** Response of `GET`, `POST` and `DELETE /api/v1/orders/{order}/follow`. */
export const orderFollow = z.object({
  /** Whether the caller is notified of what happens to the order. */
  isFollowed: z.boolean(),
})
export type OrderFollow = z.infer<typeof orderFollow>
