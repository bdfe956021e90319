import { approvalLinks } from '@stagewatch/db/approvals-schema.ts'
import type { Database, Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { maxApprovers } from '@stagewatch/shared/contract/approval-flow.ts'
import type { ApprovalActionRequest } from '@stagewatch/shared/contract/approvals.ts'
import { currentStep } from '@stagewatch/shared/domain/approvals/approval-state.ts'
import { actsAs } from '@stagewatch/shared/domain/approvals/deciders.ts'
import type { ApprovalContext, ApprovalRefusal, Decider } from '@stagewatch/shared/domain/approvals/deciders.ts'
import { and, eq } from 'drizzle-orm'
import { recordAccessChange } from '../access/record-access-change.ts'
import type { Author } from '../access/record-access-change.ts'
import { AppError } from '../platform/app-error.ts'
import type { SitePipeline } from '../sites/site-pipeline.ts'
import { loadEntries, lockApproval, stateOf } from './approvals-table.ts'
import type { EntryPerson, NewEntry, StoredApproval } from './approvals-table.ts'
import { settleApproval } from './settle-approval.ts'
import { contextOf, loadSitePeople } from './site-people.ts'
import type { SitePeople } from './site-people.ts'

/**
 * Maximum number of added approvers and delegations of an approval. Its entries are read as a whole, which bounds them.
 */
const maxHandOvers = 100

export interface ApprovalActing {
  readonly database: Database
  readonly pipeline: SitePipeline
  /** Id of the acting account. */
  readonly person: string
  /** Whether the person manages the site, and so may hand over approvals whose approver is no longer there. */
  readonly isManager: boolean
  /** The author in the audit log. */
  readonly author: Author
  readonly how: 'desk' | 'link'
  /** The link through which the person acts: it is valid once, and for its step only. */
  readonly link?: { readonly hash: string; readonly step: number }
}

/**
 * Decides on an approval, adds an approver, or delegates to somebody else.
 * @throws AppError `not_found`; `forbidden` if the person may not act; `conflict` if the approval has ended or the
 * person has already decided; `invalid_field`.
 */
export async function actOnApproval(
  acting: ApprovalActing,
  id: number,
  action: ApprovalActionRequest,
  now: number,
): Promise<void> {
  const { database, pipeline } = acting
  const site = pipeline.site.code
  await database.transaction(async (tx) => {
    const approval = await lockApproval(tx, site, id)
    if (approval === undefined) throw noSuchApproval()
    const people = await loadSitePeople(tx, pipeline, now)
    const context = contextOf(approval, pipeline, people, now)
    const entry = await entryOf(tx, acting, { approval, people, context }, action)
    // A form that is submitted twice at once must not also decide the next step.
    const step = 'step' in entry ? entry.step : undefined
    if (acting.link !== undefined && acting.link.step !== step) throw refused('decided-already')
    const settled = await settleApproval(tx, approval, [entry], { pipeline, people, now })
    if (acting.link !== undefined) await useLink(tx, site, acting.link.hash, now)
    const { kind, comment, target, behalf } = entry
    await recordAccessChange(tx, acting.author, now, {
      action: kind === 'approved' || kind === 'rejected' ? 'approval.decided' : 'approval.changed',
      subject: approval.order,
      after: {
        approval: id,
        stage: approval.stage,
        kind,
        how: acting.how,
        ...(behalf !== undefined && { onBehalfOf: behalf.name }),
        ...(target !== undefined && { to: target.name }),
        ...(comment !== undefined && { comment }),
        ...(settled.outcome !== undefined && { outcome: settled.outcome }),
      },
    })
  })
}

interface Acted {
  readonly approval: StoredApproval
  readonly people: SitePeople
  readonly context: ApprovalContext
}

async function entryOf(
  tx: Queryable,
  { pipeline, person: by, isManager, how }: ApprovalActing,
  { approval, people, context }: Acted,
  action: ApprovalActionRequest,
): Promise<NewEntry> {
  const entries = (await loadEntries(tx, pipeline.site.code, [approval.id])).get(approval.id) ?? []
  const state = stateOf(approval, entries)
  const found = actsAs(state, by, context, action.slot)
  const step = currentStep(state)
  const managed = action.action === 'delegate' && isManager && found === 'not-asked' ? action.slot : undefined
  const isOfManager = managed !== undefined && step?.slots[managed]?.decidedBy === undefined
  const as: Decider | ApprovalRefusal = isOfManager ? { person: by, slot: managed } : found
  if (typeof as === 'string' || step === undefined) throw refused(typeof as === 'string' ? as : 'ended')
  const behalf = as.onBehalfOf === undefined ? undefined : personOf(people, as.onBehalfOf)
  const common = {
    at: context.now,
    step: step.step,
    how,
    ...(action.comment !== undefined && { comment: action.comment }),
    person: personOf(people, by),
    ...(behalf !== undefined && { behalf }),
  } as const
  switch (action.action) {
    case 'approve':
      return { ...common, kind: 'approved', slot: as.slot, by }
    case 'reject':
      return { ...common, kind: 'rejected', slot: as.slot, by }
    case 'add':
    case 'delegate': {
      if (entries.filter(({ kind }) => kind === 'added' || kind === 'delegated').length >= maxHandOvers) {
        throw new AppError('conflict', `it was handed over ${maxHandOvers} times: approve or reject it`, {
          field: 'action',
        })
      }
      const target = people.members.get(action.person)
      const asked = step.slots.some(
        ({ approver, delegate }) =>
          delegate === action.person || (approver.kind === 'person' && approver.id === action.person),
      )
      if (target === undefined || asked || context.requesters.includes(action.person)) {
        throw new AppError('invalid_field', 'cannot be added as an approver', { field: 'person', reason: 'wrong' })
      }
      const named = { target: personOf(people, target.id), to: target.id }
      if (action.action === 'delegate') return { ...common, ...named, kind: 'delegated', slot: as.slot }
      if (step.slots.length < maxApprovers) return { ...common, ...named, kind: 'added' }
      const message = `a step has at most ${maxApprovers} approvers`
      throw new AppError('invalid_field', message, { field: 'person', reason: 'too_many', limit: maxApprovers })
    }
  }
}

function personOf(people: SitePeople, id: string): EntryPerson {
  return { id, name: people.members.get(id)?.name ?? id }
}

function refused(reason: ApprovalRefusal): AppError {
  switch (reason) {
    case 'ended':
      return new AppError('conflict', 'the approval has already ended', { field: 'id' })
    case 'decided-already':
      return new AppError('conflict', 'you have already decided in this step', { field: 'id' })
    case 'own-request':
      return new AppError('forbidden', 'you cannot decide on your own request', { field: 'id' })
    case 'not-asked':
      return new AppError('forbidden', 'this approval is not waiting for you', { field: 'id' })
  }
}

export function noSuchApproval(): AppError {
  return new AppError('not_found', 'there is no such approval', { field: 'id' })
}

async function useLink(tx: Queryable, site: string, hash: string, now: number): Promise<void> {
  await drizzleOn(tx)
    .update(approvalLinks)
    .set({ usedAt: now })
    .where(and(eq(approvalLinks.site, site), eq(approvalLinks.hash, hash)))
}
