import type { TargetCondition } from '../target-rule.ts'

/** A person, or the leads of a department. */
export type Approver =
  | { readonly kind: 'person'; readonly id: string }
  /** The leads of the department at the time of the decision; any of them decides for all. */
  | { readonly kind: 'lead'; readonly department: string }

/** How many of the approvers of a step have to approve. */
export type Quorum =
  | { readonly kind: 'any' }
  | { readonly kind: 'all' }
  | { readonly kind: 'count'; readonly count: number }

/** The deputy may decide as well once the approver has not decided for this long, in working ms of the stage. */
export interface ApprovalTimeout {
  readonly afterMs: number
  /** Id of a person. */
  readonly deputy: string
}

/** Approvers who are asked at the same time. */
export interface ApprovalStep {
  readonly approvers: readonly Approver[]
  readonly quorum: Quorum
  /** The step is skipped for orders that do not meet it when the approval is opened. Undefined: applies to all. */
  readonly when?: TargetCondition
  /** Undefined: the step waits for its approvers without a limit. */
  readonly timeout?: ApprovalTimeout
}

/** The approval that an order requires in a stage before it moves on to the next one. */
export interface ApprovalFlow {
  /** Processed one after the other. */
  readonly steps: readonly ApprovalStep[]
  /** Orders that meet it are approved at once, which is recorded in the approval. Undefined: none are. */
  readonly approveWhen?: TargetCondition
  /** Code of the earlier stage to which a rejected order returns. Undefined: it is cancelled. */
  readonly returnTo?: string
}

/** Number of approvals that a step needs from its original approvers. */
export function requiredCount({ approvers, quorum }: ApprovalStep): number {
  switch (quorum.kind) {
    case 'any':
      return 1
    case 'all':
      return approvers.length
    case 'count':
      return quorum.count
  }
}

/** Ids of the people that a flow names, each with the path of its field. */
export function peopleOfFlow({ steps }: ApprovalFlow): (readonly [field: string, id: string])[] {
  return steps.flatMap(({ approvers, timeout }, i) => [
    ...approvers.flatMap((approver, k): (readonly [string, string])[] =>
      approver.kind === 'person' ? [[`steps.${i}.approvers.${k}.id`, approver.id]] : [],
    ),
    ...(timeout === undefined ? [] : [[`steps.${i}.timeout.deputy`, timeout.deputy] as const]),
  ])
}
