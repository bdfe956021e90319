import { approvalEntries, approvals } from '@stagewatch/db/approvals-schema.ts'
import type { Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { anyOf } from '@stagewatch/db/sql-expressions.ts'
import { approvalState } from '@stagewatch/shared/domain/approvals/approval-state.ts'
import type { ApprovalEntry, ApprovalState } from '@stagewatch/shared/domain/approvals/approval-state.ts'
import { and, asc, desc, eq, getTableColumns, isNull, not } from 'drizzle-orm'
import { announceChange } from '../platform/site-changes.ts'

const { site: _site, orderId, ...others } = getTableColumns(approvals)
const columns = { ...others, order: orderId }

/** A row of the table. Instants are epoch ms. */
export type StoredApproval = Omit<typeof approvals.$inferSelect, 'site' | 'orderId'> & { readonly order: string }

/** A person as stored in an entry. */
export interface EntryPerson {
  readonly id: string
  readonly name: string
}

/** An entry, with the people involved. */
export type NewEntry = ApprovalEntry & {
  readonly person?: EntryPerson
  readonly behalf?: EntryPerson
  readonly target?: EntryPerson
  readonly how?: 'desk' | 'link'
  readonly comment?: string | undefined
}

export type StoredEntry = Omit<typeof approvalEntries.$inferSelect, 'site'>

/** Maximum number of entries read per approval; the limits of steps and approvers keep approvals below it. */
const maxEntries = 1_000

function isApproval(site: string, id: number) {
  return and(eq(approvals.site, site), eq(approvals.id, id))
}

/** Loads an approval and locks it until the end of the transaction. */
export async function lockApproval(tx: Queryable, site: string, id: number): Promise<StoredApproval | undefined> {
  const [row] = await drizzleOn(tx).select(columns).from(approvals).where(isApproval(site, id)).for('update')
  return row
}

export async function loadApproval(db: Queryable, site: string, id: number): Promise<StoredApproval | undefined> {
  const [row] = await drizzleOn(db).select(columns).from(approvals).where(isApproval(site, id))
  return row
}

/**
 * Loads and locks the approvals of some orders that are running or whose order has not been moved yet. Those whose
 * details are archived have ended.
 */
export function lockPending(tx: Queryable, site: string, orders: readonly string[]): Promise<StoredApproval[]> {
  return drizzleOn(tx)
    .select(columns)
    .from(approvals)
    .where(and(eq(approvals.site, site), anyOf(orderId, orders), isNull(approvals.movedAt), not(approvals.isArchived)))
    .orderBy(approvals.id)
    .for('update')
}

/** Orders with a running approval. */
export async function loadRunningOrders(db: Queryable, site: string): Promise<string[]> {
  const rows = await drizzleOn(db)
    .select({ order: orderId })
    .from(approvals)
    .where(and(eq(approvals.site, site), isNull(approvals.outcome)))
    .orderBy(approvals.id)
  return rows.map(({ order }) => order)
}

/** The approvals of an order, newest first. */
export function loadOfOrder(db: Queryable, site: string, order: string, limit: number): Promise<StoredApproval[]> {
  return drizzleOn(db)
    .select(columns)
    .from(approvals)
    .where(and(eq(approvals.site, site), eq(orderId, order)))
    .orderBy(desc(approvals.id))
    .limit(limit)
}

/** The entries of some approvals, in order. */
export async function loadEntries(
  db: Queryable,
  site: string,
  ids: readonly number[],
): Promise<ReadonlyMap<number, readonly StoredEntry[]>> {
  if (ids.length === 0) return new Map()
  const { site: _ofSite, ...all } = getTableColumns(approvalEntries)
  const rows = await drizzleOn(db)
    .select(all)
    .from(approvalEntries)
    .where(and(eq(approvalEntries.site, site), anyOf(approvalEntries.approvalId, ids)))
    .orderBy(asc(approvalEntries.id))
    .limit(maxEntries * ids.length)
  return Map.groupBy(rows, ({ approvalId }) => approvalId)
}

/** The state of an approval, replayed from its entries. */
export function stateOf(approval: StoredApproval, entries: readonly StoredEntry[]): ApprovalState {
  return approvalState(
    approval,
    entries.flatMap((entry) => entryOf(entry)),
  )
}

function entryOf({ at, kind, step, slot, byId, toId }: StoredEntry): ApprovalEntry[] {
  if (kind === 'automatic' || kind === 'withdrawn') return [{ kind, at }]
  if (step === null) return []
  if (kind === 'added') return toId === null ? [] : [{ kind, at, step, to: toId }]
  if (slot === null) return []
  if (kind === 'timed-out') return [{ kind, at, step, slot }]
  if (kind === 'delegated') return toId === null ? [] : [{ kind, at, step, slot, to: toId }]
  return byId === null ? [] : [{ kind, at, step, slot, by: byId }]
}

export async function addEntries(
  tx: Queryable,
  site: string,
  approvalId: number,
  added: readonly NewEntry[],
): Promise<void> {
  if (added.length === 0) return
  await drizzleOn(tx)
    .insert(approvalEntries)
    .values(
      added.map((entry) => ({
        site,
        approvalId,
        at: entry.at,
        kind: entry.kind,
        step: 'step' in entry ? entry.step : null,
        slot: 'slot' in entry ? entry.slot : null,
        byId: entry.person?.id ?? null,
        byName: entry.person?.name ?? null,
        forId: entry.behalf?.id ?? null,
        forName: entry.behalf?.name ?? null,
        toId: entry.target?.id ?? null,
        toName: entry.target?.name ?? null,
        how: entry.how ?? null,
        comment: entry.comment ?? null,
      })),
    )
}

/** The fields of an approval that can change. */
export type ApprovalChange = Partial<
  Pick<
    StoredApproval,
    'nth' | 'enteredAt' | 'outcome' | 'isAutomatic' | 'endedAt' | 'movedAt' | 'waitingSince' | 'waitingFor' | 'nextAt'
  >
>

/** Stores the next revision of a locked approval. */
export async function saveApproval(
  tx: Queryable,
  site: string,
  { id, revision }: Pick<StoredApproval, 'id' | 'revision'>,
  change: ApprovalChange,
): Promise<void> {
  await drizzleOn(tx)
    .update(approvals)
    .set({ ...change, revision: revision + 1 })
    .where(isApproval(site, id))
  await announceChange(tx, site, 'approvals')
}

/** @returns the approval. Undefined: the order already has a running approval in the stage. */
export async function insertApproval(
  tx: Queryable,
  site: string,
  {
    order,
    ...values
  }: Omit<
    StoredApproval,
    'id' | 'revision' | 'outcome' | 'isAutomatic' | 'endedAt' | 'movedAt' | 'nextAt' | 'isArchived'
  >,
): Promise<StoredApproval | undefined> {
  const [row] = await drizzleOn(tx)
    .insert(approvals)
    .values({ site, orderId: order, ...values })
    .onConflictDoNothing()
    .returning(columns)
  if (row !== undefined) await announceChange(tx, site, 'approvals')
  return row
}
