import type { Queryable } from '@stagewatch/db/database.ts'
import { currentStep } from '@stagewatch/shared/domain/approvals/approval-state.ts'
import type { ApprovalState } from '@stagewatch/shared/domain/approvals/approval-state.ts'
import { decidersOf, nextChangeAt, timedOutSlots } from '@stagewatch/shared/domain/approvals/deciders.ts'
import type { ApprovalContext } from '@stagewatch/shared/domain/approvals/deciders.ts'
import { addJobs } from '../platform/jobs.ts'
import type { NewJob } from '../platform/jobs.ts'
import type { SitePipeline } from '../sites/site-pipeline.ts'
import { addEntries, loadEntries, saveApproval, stateOf } from './approvals-table.ts'
import type { NewEntry, StoredApproval } from './approvals-table.ts'
import { contextOf } from './site-people.ts'
import type { SitePeople } from './site-people.ts'
import { tellDeciders } from './tell-deciders.ts'

export const approvalStepQueue = 'approval-steps'
export const approvalMoveQueue = 'approval-moves'

/** Reevaluates an approval when time changes who may decide; does nothing if the approval has changed since. */
function stepJob(site: string, id: number, revision: number, runAt: number): NewJob {
  return { queue: approvalStepQueue, key: `${site}/${id}/${revision}`, site, runAt }
}

interface Settling {
  readonly pipeline: SitePipeline
  readonly people: SitePeople
  readonly now: number
}

/**
 * Records entries of a locked approval and their consequences in the transaction: the current approvers and their
 * notifications, the next instant at which time changes who may decide, and the job that moves the order.
 */
export async function settleApproval(
  tx: Queryable,
  approval: StoredApproval,
  added: readonly NewEntry[],
  { pipeline, people, now }: Settling,
): Promise<ApprovalState> {
  const site = pipeline.site.code
  const context = contextOf(approval, pipeline, people, now)
  await addEntries(tx, site, approval.id, added)
  let state = stateOf(approval, (await loadEntries(tx, site, [approval.id])).get(approval.id) ?? [])
  const over = timedOutSlots(state, context)
  if (over.length > 0) {
    await addEntries(tx, site, approval.id, timeouts(state, over, context, people))
    state = stateOf(approval, (await loadEntries(tx, site, [approval.id])).get(approval.id) ?? [])
  }
  const step = currentStep(state)
  const nextAt = nextChangeAt(state, context)
  await saveApproval(tx, site, approval, {
    outcome: state.outcome ?? null,
    isAutomatic: state.isAutomatic,
    endedAt: state.endedAt ?? null,
    ...(state.outcome === 'withdrawn' && { movedAt: now }),
    waitingFor: waitingFor(state, context),
    waitingSince: step?.since ?? approval.waitingSince,
    nextAt: nextAt ?? null,
  })
  if (nextAt !== undefined) await addJobs(tx, [stepJob(site, approval.id, approval.revision + 1, nextAt)])
  if (state.outcome === 'approved' || state.outcome === 'rejected') {
    await addJobs(tx, [{ queue: approvalMoveQueue, key: `${site}/${approval.id}`, site, runAt: now }])
  }
  if (step !== undefined && !approval.isSilent) {
    const deciders = [...new Set(decidersOf(state, context).map(({ person }) => person))]
    await tellDeciders(tx, pipeline, approval, { step: step.step, deciders }, now)
  }
  return state
}

function timeouts(
  state: ApprovalState,
  slots: readonly number[],
  { flow, now }: ApprovalContext,
  people: SitePeople,
): NewEntry[] {
  const step = currentStep(state)?.step ?? 0
  const deputy = people.members.get(flow.steps[step]?.timeout?.deputy ?? '')
  const target = deputy && { target: { id: deputy.id, name: deputy.name } }
  return slots.map((slot) => ({ kind: 'timed-out', at: now, step, slot, ...target }))
}

/** Keys of the current approvers, see `keysOf`, which also covers the deputies of those who are absent. */
function waitingFor(state: ApprovalState, { flow }: ApprovalContext): string[] {
  const step = currentStep(state)
  if (step === undefined) return []
  const deputy = flow.steps[step.step]?.timeout?.deputy
  const keys = step.slots.flatMap(({ approver, delegate, decidedBy, isTimedOut }) => {
    if (decidedBy !== undefined) return []
    const last = isTimedOut && deputy !== undefined ? [`person:${deputy}`] : []
    if (delegate !== undefined) return [`person:${delegate}`, ...last]
    return [approver.kind === 'person' ? `person:${approver.id}` : `lead:${approver.department}`, ...last]
  })
  return [...new Set(keys)]
}
