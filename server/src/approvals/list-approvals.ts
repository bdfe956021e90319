import { approvalEntries, approvals } from '@stagewatch/db/approvals-schema.ts'
import type { Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { maxListedApprovals } from '@stagewatch/shared/contract/approvals.ts'
import type { ApprovalList, ApprovalSegment } from '@stagewatch/shared/contract/approvals.ts'
import { decidersOf } from '@stagewatch/shared/domain/approvals/deciders.ts'
import { and, asc, desc, eq, getTableColumns, isNotNull, isNull, sql } from 'drizzle-orm'
import { loadOrders } from '../projection/load-orders.ts'
import { loadEntries, stateOf } from './approvals-table.ts'
import type { StoredApproval } from './approvals-table.ts'
import { viewOfApproval } from './describe-approval.ts'
import type { ApprovalReading } from './describe-approval.ts'
import { contextOf, loadSitePeople } from './site-people.ts'

const { site: _site, orderId, ...others } = getTableColumns(approvals)
const columns = { ...others, order: orderId }

/** The approvals of one segment, and the counts of waiting and started ones. */
export async function listApprovals(reading: ApprovalReading, segment: ApprovalSegment): Promise<ApprovalList> {
  const { db, pipeline, person } = reading
  if (person === undefined) return { approvals: [], waitingCount: 0, startedCount: 0 }
  const site = pipeline.site.code
  const waiting = await waitingFor(reading, person)
  const startedCount = await countStarted(db, site, person)
  const found =
    segment === 'waiting'
      ? waiting
      : segment === 'started'
        ? await startedBy(db, site, person)
        : await decidedBy(db, site, person)
  const numbers = [...new Set(found.map(({ order }) => order))]
  const orders = new Map((await loadOrders(db, site, numbers)).map((stored) => [stored.order, stored] as const))
  return {
    approvals: found.map((approval) => viewOfApproval(approval, orders.get(approval.order), reading)),
    waitingCount: waiting.length,
    startedCount,
  }
}

/** Approvals that the person may decide now, longest waiting first. */
async function waitingFor({ db, pipeline, now }: ApprovalReading, person: string): Promise<StoredApproval[]> {
  const site = pipeline.site.code
  const people = await loadSitePeople(db, pipeline, now)
  const rows = await drizzleOn(db)
    .select(columns)
    .from(approvals)
    .where(
      and(
        eq(approvals.site, site),
        isNull(approvals.outcome),
        sql`${approvals.waitingFor} && ${sql.param(people.keysOf(person))}::text[]`,
        sql`not ${approvals.requesterIds} @> array[${person}]::text[]`,
      ),
    )
    .orderBy(asc(approvals.waitingSince), asc(approvals.id))
    .limit(maxListedApprovals)
  const ids = rows.map(({ id }) => id)
  const entries = await loadEntries(db, site, ids)
  return rows.filter((approval) => {
    const state = stateOf(approval, entries.get(approval.id) ?? [])
    const deciders = decidersOf(state, contextOf(approval, pipeline, people, now))
    return deciders.some((decider) => decider.person === person)
  })
}

function isRequestOf(site: string, person: string) {
  return and(eq(approvals.site, site), sql`${approvals.requesterIds} @> array[${person}]::text[]`)
}

function startedBy(db: Queryable, site: string, person: string): Promise<StoredApproval[]> {
  return drizzleOn(db)
    .select(columns)
    .from(approvals)
    .where(isRequestOf(site, person))
    .orderBy(desc(approvals.id))
    .limit(maxListedApprovals)
}

async function countStarted(db: Queryable, site: string, person: string): Promise<number> {
  const running = drizzleOn(db)
    .select({ id: approvals.id })
    .from(approvals)
    .where(and(isRequestOf(site, person), isNull(approvals.outcome)))
    .limit(maxListedApprovals)
  return (await running).length
}

/** Approvals that the person decided, latest decision first. */
async function decidedBy(db: Queryable, site: string, person: string): Promise<StoredApproval[]> {
  const decided = await drizzleOn(db)
    .select(columns)
    .from(approvalEntries)
    .innerJoin(approvals, and(eq(approvals.site, approvalEntries.site), eq(approvals.id, approvalEntries.approvalId)))
    .where(and(eq(approvalEntries.site, site), eq(approvalEntries.byId, person), isNotNull(approvalEntries.slot)))
    .orderBy(desc(approvalEntries.id))
    .limit(maxListedApprovals)
  return [...new Map(decided.map((approval) => [approval.id, approval] as const)).values()]
}

/** Whether an approval concerns a person: they requested it, acted on it, were added to it, or are an approver. */
export async function concerns(reading: ApprovalReading, approval: StoredApproval): Promise<boolean> {
  const { db, pipeline, person, now } = reading
  if (person === undefined) return false
  if (approval.requesterIds.includes(person)) return true
  const entries = (await loadEntries(db, pipeline.site.code, [approval.id])).get(approval.id) ?? []
  if (entries.some(({ byId, toId }) => byId === person || toId === person)) return true
  const people = await loadSitePeople(db, pipeline, now)
  const keys = people.keysOf(person)
  const named = approval.flow.steps.flatMap(({ approvers }) =>
    approvers.map((one) => (one.kind === 'person' ? `person:${one.id}` : `lead:${one.department}`)),
  )
  return named.some((key) => keys.includes(key)) || approval.waitingFor.some((key) => keys.includes(key))
}
