import { approvalEntries } from '@stagewatch/db/approvals-schema.ts'
import type { Database } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { deskSource } from '@stagewatch/shared/domain/order-event.ts'
import { versionAt } from '@stagewatch/shared/domain/process-history.ts'
import { isOpen } from '@stagewatch/shared/domain/stage-visit.ts'
import { and, eq, inArray } from 'drizzle-orm'
import { parseStored } from '../ingest/parse/parse-events.ts'
import { findAppended } from '../order-actions/desk-events.ts'
import type { DeskEvent } from '../order-actions/desk-events.ts'
import type { Clock } from '../platform/clock/clock.ts'
import type { Job, JobOutcome, JobQueue } from '../platform/jobs.ts'
import { loadOrders } from '../projection/load-orders.ts'
import type { SitePipeline } from '../sites/site-pipeline.ts'
import type { SiteRegistry } from '../sites/site-registry.ts'
import { loadApproval, lockApproval, saveApproval } from './approvals-table.ts'
import type { StoredApproval } from './approvals-table.ts'
import { approvalMoveQueue } from './settle-approval.ts'

interface MoveOptions {
  readonly database: Database
  readonly clock: Clock
  readonly sites: SiteRegistry
}

const retryMs = 2_000
const maxAttempts = 1_000

export function movesQueue(options: MoveOptions): JobQueue {
  return { name: approvalMoveQueue, concurrency: 10, leaseMs: 30_000, run: (job) => moveOrder(job, options) }
}

/**
 * Moves an order according to the decision. The id of the event is derived from the approval, so that retries of the
 * job append it only once. An order that has left the stage of the approval is not moved.
 */
async function moveOrder({ site, key, attempt }: Job, { database, clock, sites }: MoveOptions): Promise<JobOutcome> {
  const id = Number(key.slice(site.length + 1))
  const approval = await loadApproval(database, site, id)
  if (approval === undefined || approval.movedAt !== null) return { kind: 'done' }
  const pipeline = await sites.get(site)
  const event = await eventOf(database, pipeline, approval)
  const isAppended = (await findAppended(database, site, [event])).size > 0
  if (!isAppended && (await isWaiting(database, site, approval))) {
    const { results } = await pipeline.submit({
      sender: 'approvals',
      items: [parseStored(event, 0, clock.now())],
    })
    const [result] = results
    if (result?.status === 'rejected') {
      if (attempt >= maxAttempts) return { kind: 'dead', error: result.message }
      return { kind: 'retry', at: clock.now() + retryMs, error: result.message }
    }
  }
  return {
    kind: 'done',
    async effect(tx) {
      const locked = await lockApproval(tx, site, id)
      if (locked !== undefined) await saveApproval(tx, site, locked, { movedAt: clock.now() })
    },
  }
}

async function isWaiting(database: Database, site: string, approval: StoredApproval): Promise<boolean> {
  const [stored] = await loadOrders(database, site, [approval.order])
  const visit = stored?.state?.status === 'open' ? stored.state.visits.at(-1) : undefined
  if (visit === undefined || !isOpen(visit) || visit.stage !== approval.stage) return false
  return visit.nth === approval.nth || visit.enteredAt === approval.enteredAt
}

/** The event to append: the order enters the next stage, returns to an earlier one, or is cancelled. */
async function eventOf(database: Database, pipeline: SitePipeline, approval: StoredApproval): Promise<DeskEvent> {
  const { id, order, stage, flow, outcome, isAutomatic, enteredAt, endedAt } = approval
  const [decided] = await drizzleOn(database)
    .select({ byId: approvalEntries.byId, byName: approvalEntries.byName, comment: approvalEntries.comment })
    .from(approvalEntries)
    .where(
      and(
        eq(approvalEntries.site, pipeline.site.code),
        eq(approvalEntries.approvalId, id),
        inArray(approvalEntries.kind, ['approved', 'rejected']),
        eq(approvalEntries.at, endedAt ?? 0),
      ),
    )
    .limit(1)
  const said = {
    source: deskSource,
    id: `approval-${id}-${outcome}`,
    order,
    // The clock of the source that reported the arrival may be ahead.
    occurredAt: new Date(Math.max(endedAt ?? 0, enteredAt + 1)).toISOString(),
  } as const
  const data = {
    approval: String(id),
    outcome,
    ...(isAutomatic && { automatic: true }),
    ...(typeof decided?.byId === 'string' && { personId: decided.byId, reportedBy: decided.byName }),
    ...(typeof decided?.comment === 'string' && { reason: decided.comment }),
  }
  const history = pipeline.engine.rules.history(approval.process)
  const stages = history === undefined ? [] : versionAt(history, enteredAt).stages
  const place = stages.findIndex(({ code }) => code === stage)
  const next = outcome === 'approved' ? stages[place + 1] : stages.find(({ code }) => code === flow.returnTo)
  if (next === undefined) return { ...said, type: 'order.cancelled', data }
  const { code, department } = next
  return {
    ...said,
    type: 'stage.entered',
    stage: code,
    data: { ...data, ...(department !== undefined && { department }) },
  }
}
