import { z } from 'zod'
import type { ApprovalFlow } from '../domain/approvals/approval-flow.ts'
import type { StageDefinition } from '../domain/process-definition.ts'
import { failing } from './field-issue.ts'
import type { CheckParams } from './field-issue.ts'
import { targetCondition } from './target-condition.ts'

export const maxApprovalSteps = 10
/** Maximum number of approvers per step, including those added while it waits. */
export const maxApprovers = 20
export const minTimeoutMs = 60_000
/** A year of working time. */
export const maxTimeoutMs = 366 * 24 * 3_600_000

const person = z.string().min(1).max(100)

const approver = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('person'), id: person }),
  z.strictObject({ kind: z.literal('lead'), department: z.string().trim().min(1).max(200) }),
])

const quorum = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('any') }),
  z.strictObject({ kind: z.literal('all') }),
  z.strictObject({ kind: z.literal('count'), count: z.int().min(1).max(maxApprovers) }),
])

const step = z
  .strictObject({
    approvers: z
      .array(approver)
      .min(1)
      .max(maxApprovers)
      .refine(
        (all) => new Set(all.map((one) => JSON.stringify(one))).size === all.length,
        failing('twice', 'an approver is named twice'),
      )
      .readonly(),
    quorum,
    when: targetCondition.exactOptional(),
    timeout: z.strictObject({ afterMs: z.int().min(minTimeoutMs).max(maxTimeoutMs), deputy: person }).exactOptional(),
  })
  .superRefine(({ approvers, quorum: asked }, context) => {
    if (asked.kind !== 'count' || asked.count <= approvers.length) return
    context.addIssue({
      code: 'custom',
      path: ['quorum', 'count'],
      message: 'asks for more approvals than the step has approvers',
      params: { reason: 'too_large', limit: approvers.length } satisfies CheckParams,
    })
  })

/** The approval flow of a stage; see `domain/approvals/approval-flow` for its meaning. */
export const approvalFlow = z.strictObject({
  steps: z.array(step).min(1).max(maxApprovalSteps).readonly(),
  approveWhen: targetCondition.exactOptional(),
  returnTo: z.string().min(1).max(200).exactOptional(),
}) satisfies z.ZodType<ApprovalFlow>

interface ApprovalIssue {
  readonly path: PropertyKey[]
  readonly reason: CheckParams['reason']
  readonly message: string
}

/** Errors in the approvals of a process that only become apparent from all of its stages together. */
export function approvalIssues(
  stages: readonly Pick<StageDefinition, 'code' | 'approval' | 'terminal'>[],
): ApprovalIssue[] {
  return stages.flatMap(({ approval, terminal, code }, place): ApprovalIssue[] => {
    if (approval === undefined) return []
    const path = ['stages', place, 'approval']
    if (terminal === true || place === stages.length - 1) {
      const message = `the approval in ${code} needs a stage behind it, to which approved orders go on`
      return [{ path, reason: 'not_offered', message }]
    }
    const { returnTo } = approval
    if (returnTo === undefined) return []
    const target = stages.findIndex((stage) => stage.code === returnTo)
    const field = [...path, 'returnTo']
    if (target === -1) {
      return [{ path: field, reason: 'unknown', message: `${code} returns to a stage that there is not` }]
    }
    if (target < place) return []
    const message = `${code} returns to ${returnTo}, which does not come before it`
    return [{ path: field, reason: 'out_of_order', message }]
  })
}
