import { z } from 'zod'
import { targetCondition } from './target-condition.ts'
import { localText, translations } from './names.ts'

/** Maximum number of approvals in a response. */
export const maxListedApprovals = 200
/** Maximum number of suggested people in a response. */
export const maxSuggestedApprovers = 10

/** Approvals that wait for the caller, that the caller requested, and that the caller decided. */
export const approvalSegments = ['waiting', 'started', 'done'] as const
export type ApprovalSegment = (typeof approvalSegments)[number]

export const approvalsQuery = z.strictObject({
  site: z.string().optional(),
  segment: z.enum(approvalSegments).default('waiting'),
})

const outcome = z.enum(['approved', 'rejected', 'withdrawn'])

/** An approval in a list. Instants are epoch ms. Missing fields are unknown or hidden by the site. */
const approval = z.object({
  id: z.int(),
  order: z.string(),
  process: z.string(),
  stage: z.string(),
  stageName: localText.optional(),
  customer: z.string().optional(),
  amount: z.number().optional(),
  currency: z.string().optional(),
  /** The requester, as named by the event that brought the order to the stage. */
  requester: z.string().optional(),
  openedAt: z.int(),
  /** Start of the wait for the current approvers. */
  waitingSince: z.int(),
  /** When the limit of the stage is reached. Undefined: it has none, or the order has left the stage. */
  dueAt: z.int().optional(),
  /** Undefined: the approval is running. */
  outcome: outcome.optional(),
  endedAt: z.int().optional(),
  /** A rule of the process approved it, or none of its steps applied to the order. */
  isAutomatic: z.boolean(),
  /** Requester, steps and decisions are archived with the order. Undefined: they are not. */
  isArchived: z.literal(true).optional(),
})
export type ApprovalView = z.infer<typeof approval>

/** Response of `GET /api/v1/approvals`: the longest waiting first, and the most recently ended first. */
export const approvalList = z.object({
  /** Translations of the names in the answer, as in lists of orders. Undefined: there are none. */
  translations: translations.optional(),
  approvals: z.array(approval).max(maxListedApprovals),
  /** Number of approvals that wait for the caller, up to `maxListedApprovals`. */
  waitingCount: z.int(),
  /** Number of running approvals that the caller requested. */
  startedCount: z.int(),
})
export type ApprovalList = z.infer<typeof approvalList>

const decision = z.object({
  outcome: z.enum(['approved', 'rejected']),
  by: z.string().optional(),
  onBehalfOf: z.string().optional(),
  at: z.int(),
  how: z.enum(['desk', 'link']).optional(),
  comment: z.string().optional(),
})

const approver = z.object({
  /** Undefined: the site hides names, or the person no longer exists. */
  name: z.string().optional(),
  /** Text of the department whose leads are asked. */
  leadOf: z.string().optional(),
  isYou: z.boolean(),
  /** Whether the approver was added to those named by the process. */
  isAdded: z.boolean(),
  /** Name of the person who decides in place of the approver. */
  delegate: z.string().optional(),
  /** Whether the caller may decide for this approver now. */
  isYours: z.boolean(),
  /** When the deputy may decide as well. */
  timesOutAt: z.int().optional(),
  isTimedOut: z.boolean(),
  decision: decision.optional(),
})

const step = z.object({
  /** `skipped`: the step does not apply to the order. */
  status: z.enum(['done', 'current', 'coming', 'skipped', 'stopped']),
  quorum: z.enum(['any', 'all', 'count']),
  /** Number of approvers named by the process who have to approve. */
  requiredCount: z.int(),
  since: z.int().optional(),
  when: targetCondition.optional(),
  deputy: z.string().optional(),
  approvers: z.array(approver),
})
export type ApprovalStepView = z.infer<typeof step>

/** An entry that is not a decision. */
const note = z.object({
  kind: z.enum(['added', 'delegated', 'timed-out', 'automatic', 'withdrawn']),
  at: z.int(),
  by: z.string().optional(),
  to: z.string().optional(),
  comment: z.string().optional(),
})

const target = z.object({ stage: z.string(), stageName: localText })

/** Response of `GET /api/v1/approvals/{id}`. */
export const approvalDetail = approval.extend({
  /** Translations of the names in the answer, as in lists of orders. Undefined: there are none. */
  translations: translations.optional(),
  product: z.string().optional(),
  quantity: z.number().optional(),
  priority: z.string().optional(),
  promisedAt: z.int().optional(),
  placedAt: z.int().optional(),
  /** Whether the caller may open the order itself. */
  isOrderSeen: z.boolean(),
  steps: z.array(step),
  notes: z.array(note),
  /** Where the order goes if it is approved. Undefined: the process has changed. */
  afterApproval: target.optional(),
  /** Where the order goes if it is rejected. Undefined: it is cancelled. */
  afterRejection: target.optional(),
  /** Whether the caller may decide now. */
  mayDecide: z.boolean(),
  /** Indexes of the current step's approvers that the caller may hand over without being an approver. */
  mayHandOver: z.array(z.int()),
})
export type ApprovalDetail = z.infer<typeof approvalDetail>

/** Response of `GET /api/v1/orders/{order}/approvals`, newest first. */
export const orderApprovals = z.object({
  /** Translations of the names in the answer, as in lists of orders. Undefined: there are none. */
  translations: translations.optional(),
  approvals: z.array(approvalDetail).max(20),
})

const comment = z.string().trim().max(2_000)
const slot = z.int().nonnegative().max(100).optional()
const person = z.string().min(1).max(100)

/**
 * Body of `POST /api/v1/approvals/{id}/actions`. `slot`: index of the approver to act for; undefined: the caller's own
 * slot is preferred.
 */
export const approvalActionRequest = z.discriminatedUnion('action', [
  z.strictObject({ action: z.literal('approve'), comment: comment.optional(), slot }),
  /** The comment is required because the requester is notified of the reason. */
  z.strictObject({ action: z.literal('reject'), comment: comment.min(1), slot }),
  z.strictObject({ action: z.literal('add'), person, comment: comment.optional(), slot }),
  z.strictObject({ action: z.literal('delegate'), person, comment: comment.optional(), slot }),
])
export type ApprovalActionRequest = z.infer<typeof approvalActionRequest>

/** Response of an action. */
export const approvalActed = z.object({ id: z.int() })

export const approversQuery = z.strictObject({ site: z.string().optional(), q: z.string().max(100).default('') })

/** Response of `GET /api/v1/approvals/{id}/people`: people who can be added as approvers. */
export const approverList = z.object({
  people: z.array(z.object({ id: z.string(), name: z.string() })).max(maxSuggestedApprovers),
})
