import type { Queryable } from '@stagewatch/db/database.ts'
import type { ApprovalDetail, ApprovalStepView, ApprovalView } from '@stagewatch/shared/contract/approvals.ts'
import type { Audience } from '@stagewatch/shared/domain/access/audience.ts'
import { requiredCount } from '@stagewatch/shared/domain/approvals/approval-flow.ts'
import type { ApprovalStep } from '@stagewatch/shared/domain/approvals/approval-flow.ts'
import { currentStep } from '@stagewatch/shared/domain/approvals/approval-state.ts'
import type { ApprovalSlot, ApprovalState } from '@stagewatch/shared/domain/approvals/approval-state.ts'
import { decidersOf, timeoutAt } from '@stagewatch/shared/domain/approvals/deciders.ts'
import { maskedText } from '@stagewatch/shared/domain/access/masked-name.ts'
import { versionAt } from '@stagewatch/shared/domain/process-history.ts'
import type { OrderAttributes } from '@stagewatch/shared/domain/order-attributes.ts'
import { loadOrders } from '../projection/load-orders.ts'
import type { StoredOrder } from '../projection/load-orders.ts'
import { customerName } from '../query/private-order.ts'
import type { SitePipeline } from '../sites/site-pipeline.ts'
import { loadEntries, stateOf } from './approvals-table.ts'
import type { StoredApproval, StoredEntry } from './approvals-table.ts'
import { contextOf, loadSitePeople } from './site-people.ts'
import type { SitePeople } from './site-people.ts'

/** The reader of approvals. */
export interface ApprovalReading {
  readonly db: Queryable
  readonly pipeline: SitePipeline
  readonly audience: Audience
  /** Id of the reader's account. Undefined: the reader has none, for example an API key. */
  readonly person: string | undefined
  readonly isManager: boolean
  readonly now: number
}

/** An approval and its order as shown in a list. Attributes of the order follow the privacy settings of the site. */
export function viewOfApproval(
  approval: StoredApproval,
  stored: StoredOrder | undefined,
  { pipeline, audience }: Pick<ApprovalReading, 'pipeline' | 'audience'>,
): ApprovalView {
  const { privacy } = audience
  const attributes: OrderAttributes = stored?.state?.attributes ?? {}
  const open = pipeline.engine.open.get(pipeline.engine.order(approval.order)?.openSlot)
  const dueAt = open !== undefined && open.visit.stage === approval.stage ? open.status.dueAt : undefined
  const stageName = pipeline.engine.process(approval.process)?.stage(approval.stage)?.definition.name
  return {
    id: approval.id,
    order: approval.order,
    process: approval.process,
    stage: approval.stage,
    openedAt: approval.openedAt,
    waitingSince: approval.waitingSince,
    isAutomatic: approval.isAutomatic,
    ...(approval.isArchived && { isArchived: true }),
    ...(stageName !== undefined && { stageName }),
    ...(attributes.customer !== undefined && { customer: customerName(attributes.customer, audience) }),
    ...(privacy.amounts === 'shown' && attributes.amount !== undefined && { amount: attributes.amount }),
    ...(privacy.amounts === 'shown' && attributes.currency !== undefined && { currency: attributes.currency }),
    ...(privacy.people === 'shown' && approval.requester !== null && { requester: approval.requester }),
    ...(dueAt !== undefined && approval.outcome === null && { dueAt }),
    ...(approval.outcome !== null && { outcome: approval.outcome }),
    ...(approval.endedAt !== null && { endedAt: approval.endedAt }),
  }
}

/** The full details of some approvals for a reader. @param isOrderSeen whether the reader may also open the orders. */
export async function describeApprovals(
  reading: ApprovalReading,
  found: readonly StoredApproval[],
  isOrderSeen: boolean,
): Promise<ApprovalDetail[]> {
  if (found.length === 0) return []
  const { db, pipeline, now } = reading
  const site = pipeline.site.code
  const ids = found.map(({ id }) => id)
  const entries = await loadEntries(db, site, ids)
  const numbers = [...new Set(found.map(({ order }) => order))]
  const orders = new Map((await loadOrders(db, site, numbers)).map((stored) => [stored.order, stored] as const))
  const people = await loadSitePeople(db, pipeline, now)
  return found.map((approval) => {
    const stored = orders.get(approval.order)
    const { customer } = stored?.state?.attributes ?? {}
    const described = { approval, entries: entries.get(approval.id) ?? [], people, customer }
    return { ...detailOf(reading, described, stored), isOrderSeen }
  })
}

interface Described {
  readonly approval: StoredApproval
  readonly entries: readonly StoredEntry[]
  readonly people: SitePeople
  readonly customer: string | undefined
}

function detailOf(
  reading: ApprovalReading,
  described: Described,
  stored: StoredOrder | undefined,
): Omit<ApprovalDetail, 'isOrderSeen'> {
  const { approval, entries, people } = described
  const { pipeline, person, isManager, now } = reading
  const state = stateOf(approval, entries)
  const context = contextOf(approval, pipeline, people, now)
  const yours = decidersOf(state, context).filter((one) => one.person === person)
  const step = currentStep(state)
  const mayManage = isManager && person !== undefined && !approval.requesterIds.includes(person)
  const handedOver = mayManage
    ? (step?.slots.flatMap(({ decidedBy }, i) => (decidedBy === undefined ? [i] : [])) ?? [])
    : []
  const { placedAt } = stored?.state ?? {}
  const { product, quantity, priority, promisedAt } = stored?.state?.attributes ?? {}
  return {
    ...viewOfApproval(approval, stored, reading),
    ...(product !== undefined && { product }),
    ...(quantity !== undefined && { quantity }),
    ...(priority !== undefined && { priority }),
    ...(promisedAt !== undefined && { promisedAt }),
    ...(placedAt !== undefined && { placedAt }),
    steps: stepsOf(reading, described, state),
    notes: notesOf(reading, described),
    ...targetsOf(approval, pipeline),
    mayDecide: yours.length > 0,
    mayHandOver: handedOver,
  }
}

function stepsOf(reading: ApprovalReading, described: Described, state: ApprovalState): ApprovalStepView[] {
  const { approval, people } = described
  return approval.flow.steps.map((rule, place) => {
    const reached = state.reached.find(({ step }) => step === place)
    const status = !approval.steps.includes(place)
      ? 'skipped'
      : reached === undefined
        ? state.outcome === undefined
          ? 'coming'
          : 'stopped'
        : reached.doneAt !== undefined
          ? 'done'
          : state.outcome === undefined
            ? 'current'
            : 'stopped'
    const slots =
      reached?.slots ??
      rule.approvers.map((approver) => ({ approver, isAdded: false, since: approval.openedAt, isTimedOut: false }))
    const deputy = nameOf(reading, people, rule.timeout?.deputy)
    return {
      status,
      quorum: rule.quorum.kind,
      requiredCount: requiredCount(rule),
      ...(reached !== undefined && { since: reached.since }),
      ...whenOf(rule, reading),
      ...(deputy !== undefined && { deputy }),
      approvers: slots.map((slot, index) => approverOf(reading, described, { state, place, slot, index })),
    }
  })
}

/** Removes customers and amounts from a condition if the site hides them. */
function whenOf({ when }: ApprovalStep, { audience: { privacy } }: ApprovalReading): Pick<ApprovalStepView, 'when'> {
  if (when === undefined) return {}
  const { customer, customerClass, amount, ...rest } = when
  return {
    when: {
      ...rest,
      ...(privacy.customers === 'shown' && customer !== undefined && { customer }),
      ...(privacy.customers === 'shown' && customerClass !== undefined && { customerClass }),
      ...(privacy.amounts === 'shown' && amount !== undefined && { amount }),
    },
  }
}

interface ShownSlot {
  readonly state: ApprovalState
  readonly place: number
  readonly slot: ApprovalSlot
  readonly index: number
}

function approverOf(
  reading: ApprovalReading,
  { approval, entries, people, customer }: Described,
  { state, place, slot, index }: ShownSlot,
): ApprovalStepView['approvers'][number] {
  const { person, pipeline, now, audience } = reading
  const context = contextOf(approval, pipeline, people, now)
  const current = currentStep(state)
  const isCurrent = current?.step === place
  const { approver, delegate } = slot
  const id = approver.kind === 'person' ? approver.id : undefined
  const name = nameOf(reading, people, id)
  const decided = entries.find(
    ({ kind, step, slot: of }) => (kind === 'approved' || kind === 'rejected') && step === place && of === index,
  )
  const delegated = nameOf(reading, people, delegate)
  const dueAt = isCurrent && slot.decidedBy === undefined ? timeoutAt(current, slot, context) : undefined
  const isYours = isCurrent && decidersOf(state, context).some((one) => one.slot === index && one.person === person)
  return {
    ...(name !== undefined && { name }),
    ...(approver.kind === 'lead' && { leadOf: approver.department }),
    isYou: person !== undefined && (id === person || delegate === person),
    isAdded: slot.isAdded,
    ...(delegated !== undefined && { delegate: delegated }),
    isYours,
    ...(dueAt !== undefined && { timesOutAt: dueAt }),
    isTimedOut: slot.isTimedOut,
    ...(decided !== undefined && {
      decision: {
        outcome: decided.kind === 'approved' ? ('approved' as const) : ('rejected' as const),
        at: decided.at,
        ...(decided.how !== null && { how: decided.how }),
        ...commentOf(decided, entries, audience, customer),
        ...(audience.privacy.people === 'shown' && {
          ...(decided.byName !== null && { by: decided.byName }),
          ...(decided.forName !== null && { onBehalfOf: decided.forName }),
        }),
      },
    }),
  }
}

function commentOf(
  { comment }: StoredEntry,
  entries: readonly StoredEntry[],
  { privacy }: ApprovalReading['audience'],
  customer: string | undefined,
): { readonly comment?: string } {
  if (comment === null || comment === '') return {}
  const people = entries.flatMap(({ byName, forName, toName }) =>
    [byName, forName, toName].map((one) => one ?? undefined),
  )
  return { comment: maskedText(comment, { people, customers: [customer] }, privacy) }
}

function notesOf({ audience }: ApprovalReading, { entries, customer }: Described): ApprovalDetail['notes'] {
  const showsPeople = audience.privacy.people === 'shown'
  return entries.flatMap((entry) => {
    const { kind, at, byName, toName } = entry
    if (kind === 'approved' || kind === 'rejected') return []
    return [
      {
        kind,
        at,
        ...commentOf(entry, entries, audience, customer),
        ...(showsPeople && byName !== null && { by: byName }),
        ...(showsPeople && toName !== null && { to: toName }),
      },
    ]
  })
}

function nameOf({ audience, person }: ApprovalReading, people: SitePeople, id: string | undefined): string | undefined {
  if (id === undefined || (audience.privacy.people !== 'shown' && id !== person)) return undefined
  return people.members.get(id)?.name
}

function targetsOf(
  { process, stage, enteredAt, flow }: StoredApproval,
  { engine }: SitePipeline,
): Pick<ApprovalDetail, 'afterApproval' | 'afterRejection'> {
  const history = engine.rules.history(process)
  const stages = history === undefined ? [] : versionAt(history, enteredAt).stages
  const place = stages.findIndex(({ code }) => code === stage)
  const next = place < 0 ? undefined : stages[place + 1]
  const back = stages.find(({ code }) => code === flow.returnTo)
  return {
    ...(next !== undefined && { afterApproval: { stage: next.code, stageName: next.name } }),
    ...(back !== undefined && { afterRejection: { stage: back.code, stageName: back.name } }),
  }
}
