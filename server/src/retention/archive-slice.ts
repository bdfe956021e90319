import type { Database, Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { archiveRuns, archives } from '@stagewatch/db/retention-schema.ts'
import { orders as orderRows } from '@stagewatch/db/schema.ts'
import { anyOf } from '@stagewatch/db/sql-expressions.ts'
import { and, eq, sql } from 'drizzle-orm'
import { keepLeaves } from '../audit/archived-leaves.ts'
import { holdNotUndone, loadUndoing } from '../ingest/batches/imports-table.ts'
import { inStatements } from '../log/in-statements.ts'
import { endFollows } from '../order-news/follows-table.ts'
import { laterPosition } from '../log/load-events.ts'
import { writeArchive } from './archive-files.ts'
import type { LoggedEvent, WrittenArchive } from './archive-files.ts'
import { loadLoggedEvents, noteArchived, removeLogged } from './logged-events.ts'

/** An order that ended long ago. */
export interface EndedOrder {
  readonly order: string
  readonly eventCount: number
}

/** Orders of one site that ended in the same month. */
export interface ArchiveSlice {
  readonly site: string
  /** `YYYY-MM` in the time zone of the site. */
  readonly month: string
  readonly orders: readonly EndedOrder[]
  /** Epoch ms. */
  readonly archivedAt: number
}

/** An order of the slice has changed since it was chosen; nothing was removed. */
class SliceChangedError extends Error {
  override readonly name = 'SliceChangedError'
}

/**
 * Writes the events of orders to an archive and removes them from the log: first the files, then, in the transaction
 * that notes them, the rows. If it is broken off at any point, either the rows are still there, or the files are
 * complete and noted.
 * @returns the number of archived orders and events; 0 if one of the orders has changed meanwhile, which is left to the
 * next run.
 * @throws ArchiveError if the files cannot be written.
 */
export async function archiveOrders(
  database: Database,
  directory: string,
  slice: ArchiveSlice,
): Promise<{ readonly orders: number; readonly events: number }> {
  const { site, month } = slice
  const nothing = { orders: 0, events: 0 }
  const found = await loadLoggedEvents(
    database.longRunning,
    site,
    slice.orders.map(({ order }) => order),
  )
  // A late event, or another server instance that archives the same orders.
  if (found.length !== slice.orders.reduce((sum, { eventCount }) => sum + eventCount, 0)) return nothing
  const undone = await ordersBeingUndone(database, site, found)
  const orders = slice.orders.filter(({ order }) => !undone.has(order))
  const events = found.filter(({ event }) => !undone.has(event.order))
  if (orders.length === 0) return nothing
  const written = await writeArchive(directory, { site, month, events })
  try {
    await database.longRunning.transaction((tx) => removeArchived(tx, { ...slice, orders }, events, written))
  } catch (error) {
    if (error instanceof SliceChangedError) return nothing
    throw error
  }
  return { orders: orders.length, events: events.length }
}

async function removeArchived(
  tx: Queryable,
  { site, orders, month, archivedAt }: ArchiveSlice,
  events: readonly LoggedEvent[],
  { name, manifest }: WrittenArchive,
): Promise<void> {
  await requireUnchanged(tx, site, orders)
  await requireNoneUndone(tx, site, importsOf(events))
  const { files } = manifest
  const recorded = events.flatMap(({ imported, recordedAt }) => (imported ? [] : [recordedAt]))
  const on = drizzleOn(tx)
  const [added] = await on
    .insert(archives)
    .values({
      site,
      name,
      month,
      archivedAt,
      orderCount: orders.length,
      eventCount: events.length,
      firstEventAt: Date.parse(manifest.firstEventAt),
      lastEventAt: Date.parse(manifest.lastEventAt),
      lastRecordedAt: recorded.length === 0 ? null : recorded.reduce((a, b) => Math.max(a, b)),
      lastPosition: events.map(({ position }) => BigInt(position)).reduce(laterPosition, 0n),
      bytes: files.events.bytes + files.log.bytes,
      eventsSha256: files.events.sha256,
      logSha256: files.log.sha256,
      importIds: importsOf(events),
    })
    .returning({ id: archives.id })
  if (added === undefined) throw new Error('the archive has no number')
  const names = orders.map(({ order }) => order)
  const noted = await noteArchived(tx, site, added.id, events)
  await keepLeaves(tx, site, added.id, names)
  const removed = await removeLogged(tx, site, names)
  await endFollows(tx, site, names)
  if (noted !== events.length || removed !== events.length) throw new SliceChangedError()
  await inStatements(names, (some) =>
    on
      .update(orderRows)
      .set({ archiveId: added.id, restoredAt: null })
      .where(and(eq(orderRows.site, site), anyOf(orderRows.orderId, some))),
  )
  await on
    .update(archiveRuns)
    .set({
      orderCount: sql`${archiveRuns.orderCount} + ${orders.length}`,
      eventCount: sql`${archiveRuns.eventCount} + ${events.length}`,
    })
    .where(eq(archiveRuns.site, site))
}

/** The imports that events came with. */
export function importsOf(events: readonly LoggedEvent[]): number[] {
  const ids = new Set(events.flatMap(({ importId }) => importId ?? []))
  return [...ids].toSorted((a, b) => a - b)
}

/** Orders with events of an import that is being undone. */
async function ordersBeingUndone(
  database: Database,
  site: string,
  events: readonly LoggedEvent[],
): Promise<ReadonlySet<string>> {
  const undoing = new Set(await loadUndoing(database, site))
  const isUndone = ({ importId }: LoggedEvent) => importId !== null && undoing.has(importId)
  return new Set(events.filter(isUndone).map(({ event }) => event.order))
}

/** An undo takes back the events that are in the log, so none of them may leave it until the undo ends. */
async function requireNoneUndone(tx: Queryable, site: string, ids: readonly number[]): Promise<void> {
  if (ids.length > 0 && !(await holdNotUndone(tx, site, ids))) throw new SliceChangedError()
}

/** Locks the orders, in the same order as those who fold them. */
async function requireUnchanged(tx: Queryable, site: string, orders: readonly EndedOrder[]): Promise<void> {
  const counts = new Map(orders.map(({ order, eventCount }) => [order, eventCount]))
  const rows = await drizzleOn(tx)
    .select({
      order: orderRows.orderId,
      eventCount: orderRows.eventCount,
      status: orderRows.status,
      archiveId: orderRows.archiveId,
    })
    .from(orderRows)
    .where(and(eq(orderRows.site, site), anyOf(orderRows.orderId, [...counts.keys()])))
    .orderBy(orderRows.orderId)
    .for('update')
  const isSame = rows.every(
    ({ order, eventCount, status, archiveId }) =>
      archiveId === null && hasEnded(status) && eventCount === counts.get(order),
  )
  if (!isSame || rows.length !== counts.size) throw new SliceChangedError()
}

export function hasEnded(status: string): boolean {
  return status === 'completed' || status === 'cancelled'
}
