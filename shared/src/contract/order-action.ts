import { z } from 'zod'
import { eventLimits } from './event.ts'
import { failing } from './field-issue.ts'
import { problemCode } from './problem.ts'

/** The most that somebody may write about an order. */
export const maxCommentLength = 2_000

/** The most people that a comment may mention, and that are suggested at once. */
export const maxMentions = 10

const reason = z.string().trim().min(1).max(eventLimits.factText)
const optionalReason = reason.optional()

const deskActions = [
  /** The person has the order from now on. */
  z.strictObject({ action: z.literal('claim') }),
  z.strictObject({
    action: z.literal('assign'),
    owner: z.string().trim().min(1).max(eventLimits.actor),
    reason: optionalReason,
  }),
  /** Why it waits; shown beside it in every list. */
  z.strictObject({ action: z.literal('explain'), reason }),
  z.strictObject({
    action: z.literal('comment'),
    comment: z.string().trim().min(1).max(maxCommentLength),
    /** People whom it names with an @ before their name, see `orderPeople`. */
    mentions: z.array(z.string().max(100)).max(maxMentions).optional(),
  }),
  /** The person has seen how the order is in its stage and looks after it; its owner stays. */
  z.strictObject({ action: z.literal('acknowledge') }),
  /** The clock of its limit stops until it is resumed, or until an instant, epoch ms, see `isHoldEnd`. */
  z.strictObject({ action: z.literal('hold'), reason, until: z.int().optional() }),
  /** The hold that goes on has another reason or end; without `until` it has no end any more. */
  z.strictObject({ action: z.literal('changeHold'), reason, until: z.int().optional() }),
  z.strictObject({ action: z.literal('resume'), reason: optionalReason }),
  z.strictObject({ action: z.literal('complete'), reason: optionalReason }),
  z.strictObject({ action: z.literal('cancel'), reason }),
] as const

const decidedStage = z.string().max(eventLimits.stage).optional()

/**
 * What somebody does to one order from a page. Each becomes an event of the source `desk`, whose actor is the person.
 */
export const orderAction = z.discriminatedUnion('action', [
  ...deskActions,
  /**
   * Work on it begins in the stage that it is in. Between stages it comes to `stage`; left out: to the one that follows
   * the last one.
   */
  z.strictObject({ action: z.literal('start'), stage: decidedStage }),
  /** Its stage is done, and it comes to `next`; left out: to the one that follows, if there is no choice. */
  z.strictObject({ action: z.literal('finish'), next: decidedStage }),
])

/** What the desk does, also to many orders at once; where they go on differs from order to order. */
export const deskAction = z.discriminatedUnion('action', deskActions)

/** What may be sent after it was done, because there was no network. */
export const reportedActions = ['start', 'finish', 'hold', 'resume'] as const
export type ReportedAction = Extract<OrderAction, { action: (typeof reportedActions)[number] }>

export function isReportedAction(action: OrderAction): action is ReportedAction {
  return reportedActions.some((name) => name === action.action)
}

/** How old what is sent may be. */
export const maxReportAgeMs = 7 * 24 * 3_600_000

/** By how much the clock of who sends may be ahead; what lies within counts as now. */
export const reportToleranceMs = 2 * 60_000

const requestId = z
  .string()
  .refine((text) => /^[\w-]{16,64}$/.test(text), failing('wrong_form', 'must be 16 to 64 letters, digits, _ or -'))

export const orderActionRequest = z
  .strictObject({
    /** Chosen by the page: the same request sent again does nothing more. */
    id: requestId,
    /** The stage that the order was in when the person decided; left out: in none. */
    stage: decidedStage,
    do: orderAction,
    /** When it was done, epoch ms, see `maxReportAgeMs`; only of `reportedActions`. Left out: now. */
    at: z.int().optional(),
    /** The person could not see in which stage the order was: it is done in whichever it was in then. */
    anyStage: z.literal(true).optional(),
    /** Id of the account that did it: the request is refused when somebody else is signed in by now. */
    person: z.string().max(100).optional(),
  })
  .refine(({ do: action, at, anyStage }) => (at === undefined && anyStage === undefined) || isReportedAction(action), {
    ...failing('wrong', `belongs to ${reportedActions.join(', ')}`),
    path: ['at'],
  })

/** The query of `GET /api/v1/orders/{order}/people`. */
export const orderPeopleQuery = z.strictObject({
  site: z.string().optional(),
  /** Part of the name, upper or lower case; left out: anybody. */
  q: z.string().max(100).default(''),
})

const mentionedPerson = z.object({ id: z.string(), name: z.string() })
export type MentionedPerson = z.infer<typeof mentionedPerson>

/** People who see the order, by name; nobody where the site shows no names of people. */
export const orderPeople = z.object({ people: z.array(mentionedPerson).max(maxMentions) })

export const orderActionAnswer = z.object({
  /** How far the log is contained in what this server shows; the order as it is then contains what was done. */
  position: z.string(),
})

/**
 * The body of `POST /api/v1/orders/{order}/corrections`: an event of the order is taken back, and where anything of it is
 * to be otherwise, one that says so takes its place.
 */
export const orderCorrectionRequest = z.strictObject({
  id: requestId,
  event: z.strictObject({ source: z.string().max(eventLimits.source), id: z.string().max(eventLimits.id) }),
  reason,
  /** Left out: nothing takes its place. */
  instead: z
    .strictObject({
      /** When it happened, epoch ms. */
      occurredAt: z.int(),
      /** Left out: the event names none. */
      stage: decidedStage,
    })
    .optional(),
})

/** So many orders may be acted on at once. */
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

/** The body of `POST /api/v1/order-actions`: the same is done to every one of the orders. */
export const orderActionsRequest = z.strictObject({ id: requestId, orders: actedOrders, do: deskAction })

/** The body of `POST /api/v1/order-actions/preview`: what would become of that. */
export const orderActionsPreview = z.strictObject({ orders: actedOrders, action: z.enum(actionNames) })

/** In the order of the request. One that is refused keeps no other from being done. */
export const orderActionsAnswer = z.object({
  /** As of `orderActionAnswer`; left out: nothing was done. */
  position: z.string().optional(),
  results: z.array(
    z.object({
      order: z.string(),
      /** Why not; left out: it is done, or in a preview it would be. */
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
