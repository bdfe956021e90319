import type { Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { events } from '@stagewatch/db/schema.ts'
import type { ApprovalFlow } from '@stagewatch/shared/domain/approvals/approval-flow.ts'
import { attributesOfVisit } from '@stagewatch/shared/domain/attributes-of-visit.ts'
import { versionAt } from '@stagewatch/shared/domain/process-history.ts'
import { isOpen } from '@stagewatch/shared/domain/stage-visit.ts'
import type { StageVisit } from '@stagewatch/shared/domain/stage-visit.ts'
import { departmentOf } from '@stagewatch/shared/domain/access/department-scope.ts'
import { isMet } from '@stagewatch/shared/domain/target-rule.ts'
import { and, desc, eq } from 'drizzle-orm'
import { loadOrders } from '../projection/load-orders.ts'
import type { StoredOrder } from '../projection/load-orders.ts'
import type { SitePipeline } from '../sites/site-pipeline.ts'
import { insertApproval, lockPending } from './approvals-table.ts'
import type { StoredApproval } from './approvals-table.ts'
import { settleApproval } from './settle-approval.ts'
import { loadSitePeople } from './site-people.ts'
import type { SitePeople } from './site-people.ts'

/** Whether any stage of the site requires approval, in any version of its process. */
function hasApprovals({ engine }: SitePipeline): boolean {
  for (const { definition } of engine.processes()) {
    const history = engine.rules.history(definition.code) ?? []
    for (const version of history)
      if (version.definition.stages.some(({ approval }) => approval !== undefined)) return true
  }
  return false
}

/**
 * Reconciles the approvals of some orders with the stages that the orders are in: opens an approval for an order in a
 * stage that requires one, and withdraws an approval whose order has left the stage. The operation is idempotent, so
 * several instances may run it.
 * @returns whether anything has changed.
 */
export async function reconcileApprovals(
  tx: Queryable,
  pipeline: SitePipeline,
  orders: readonly string[],
  now: number,
): Promise<void> {
  const site = pipeline.site.code
  // Approvals are locked before orders are read, so that the state of an order is newer than the decision on it.
  const pending = Map.groupBy(await lockPending(tx, site, orders), ({ order }) => order)
  if (pending.size === 0 && !hasApprovals(pipeline)) return
  let people: SitePeople | undefined
  for (const stored of await loadOrders(tx, site, orders)) {
    const visit = stored.state?.status === 'open' ? stored.state.visits.at(-1) : undefined
    const place = visit !== undefined && isOpen(visit) ? { visit, flow: flowOf(pipeline, stored, visit) } : undefined
    const known = pending.get(stored.order) ?? []
    const here = known.find((approval) => place?.flow !== undefined && isOf(approval, place.visit))
    const gone = known.filter((approval) => approval !== here && approval.outcome === null)
    if (gone.length === 0 && (here !== undefined || place?.flow === undefined)) continue
    people ??= await loadSitePeople(tx, pipeline, now)
    for (const approval of gone) {
      await settleApproval(tx, approval, [{ kind: 'withdrawn', at: now }], { pipeline, people, now })
    }
    if (here === undefined && place?.flow !== undefined) {
      await openApproval(tx, pipeline, { ...place, flow: place.flow, stored, people }, now)
    }
  }
}

/** A late event may change the start or the number of a visit; the approval still belongs to that visit. */
function isOf(approval: StoredApproval, { stage, nth, enteredAt }: StageVisit): boolean {
  return approval.stage === stage && (approval.nth === nth || approval.enteredAt === enteredAt)
}

function flowOf({ engine }: SitePipeline, { process }: StoredOrder, visit: StageVisit): ApprovalFlow | undefined {
  const history = engine.rules.history(process)
  return history && versionAt(history, visit.enteredAt).stages.find(({ code }) => code === visit.stage)?.approval
}

interface Opening {
  readonly stored: StoredOrder
  readonly visit: StageVisit
  readonly flow: ApprovalFlow
  readonly people: SitePeople
}

async function openApproval(
  tx: Queryable,
  pipeline: SitePipeline,
  { stored, visit, flow, people }: Opening,
  now: number,
): Promise<void> {
  const site = pipeline.site.code
  const { order, process, state } = stored
  const attributes = attributesOfVisit(state?.attributes ?? {}, visit)
  const department = departmentOf(attributes, visit)
  const meets = (when: ApprovalFlow['approveWhen']) => when === undefined || isMet(when, attributes, department)
  const entry = await enteringEvent(tx, site, order, visit)
  const requester = entry?.requester
  const called = requester?.toLowerCase()
  const isRequester = ({ id, name, email }: { id: string; name: string; email: string }): boolean =>
    id === entry?.personId || (entry?.personId === undefined && [name.toLowerCase(), email].includes(called ?? ''))
  const approval = await insertApproval(tx, site, {
    order,
    process,
    stage: visit.stage,
    nth: visit.nth,
    enteredAt: visit.enteredAt,
    openedAt: now,
    flow,
    steps: flow.steps.flatMap(({ when }, place) => (meets(when) ? [place] : [])),
    department: department ?? null,
    requester: requester ?? null,
    requesterIds: [...people.members.values()].filter(isRequester).map(({ id }) => id),
    isSilent: entry?.imported ?? false,
    waitingSince: now,
    waitingFor: [],
  })
  if (approval === undefined) return
  const isAutomatic = flow.approveWhen !== undefined && meets(flow.approveWhen)
  await settleApproval(tx, approval, isAutomatic ? [{ kind: 'automatic', at: now }] : [], { pipeline, people, now })
}

/** The event with which the order entered the stage, and who caused it. */
async function enteringEvent(
  tx: Queryable,
  site: string,
  order: string,
  { stage, enteredAt }: StageVisit,
): Promise<{ readonly imported: boolean; readonly requester?: string; readonly personId?: string } | undefined> {
  const isIt = and(
    eq(events.site, site),
    eq(events.orderId, order),
    eq(events.stage, stage),
    eq(events.occurredAt, enteredAt),
  )
  const [event] = await drizzleOn(tx)
    .select({ imported: events.imported, actor: events.actor, data: events.data })
    .from(events)
    .where(isIt)
    .orderBy(desc(events.position))
    .limit(1)
  if (event === undefined) return undefined
  const { personId, reportedBy } = event.data
  const requester = typeof reportedBy === 'string' ? reportedBy : (event.actor ?? undefined)
  return {
    imported: event.imported,
    ...(requester !== undefined && { requester }),
    ...(typeof personId === 'string' && { personId }),
  }
}
