import { z } from 'zod'
import { choice } from './choice.ts'
import { localText } from './names.ts'

const count = z.int().nonnegative()
const durationMs = z.number().nonnegative()

/** Approvals that were decided from `from` up to, not including, `to`. Default: today and the 13 days before it. */
export const approvalTimeQuery = z.strictObject(choice)

/** Times are elapsed time from when an approval was opened until it was decided. */
const approvalTime = z.object({
  /** Decided by people. Withdrawn approvals are not counted. */
  decided: count,
  /** Of these, rejected. */
  rejected: count,
  /** Approved by a rule of the process, without waiting. */
  automatic: count,
  totalMs: durationMs,
  /** Nearest rank. Undefined if people have decided nothing. */
  p50Ms: durationMs.optional(),
  p90Ms: durationMs.optional(),
  /** Running now, whenever they were opened. */
  waiting: count,
  /** How long the oldest of them has been running. Undefined: none is. */
  longestMs: durationMs.optional(),
})

/** How long orders wait for approval, by stage. */
export const approvalTimeAnswer = z.object({
  /** The period; `to` is exclusive and not later than now. */
  from: z.int(),
  to: z.int(),
  /** Stages with approvals, the most time first. */
  rows: z.array(approvalTime.extend({ process: z.string(), stage: z.string(), name: localText })).max(1_000),
  total: approvalTime,
  asOf: z.int(),
  position: z.string(),
})
export type ApprovalTimeAnswer = z.infer<typeof approvalTimeAnswer>
export type ApprovalTime = z.infer<typeof approvalTime>
