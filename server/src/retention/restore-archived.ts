import type { Database, Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { archives } from '@stagewatch/db/retention-schema.ts'
import { orders as orderRows } from '@stagewatch/db/schema.ts'
import { anyOf } from '@stagewatch/db/sql-expressions.ts'
import type { ArchiveRestore, ArchiveRestored } from '@stagewatch/shared/contract/retention.ts'
import { and, asc, desc, eq, sql } from 'drizzle-orm'
import type { Actor } from '../access/actor.ts'
import { recordChange } from '../access/changes-table.ts'
import { forgetLeaves } from '../audit/archived-leaves.ts'
import { inStatements } from '../log/in-statements.ts'
import { AppError } from '../platform/app-error.ts'
import type { SitePipeline } from '../sites/site-pipeline.ts'
import { readArchive } from './archive-files.ts'
import { toRefusal } from './archive-runner.ts'
import { archiveParts } from './archive-parts.ts'
import { forgetArchived, putBack } from './logged-events.ts'

export interface RestoreContext {
  readonly database: Database
  readonly pipeline: SitePipeline
  readonly directory: string
  readonly actor: Actor
  /** Epoch ms. */
  readonly now: number
}

/**
 * Brings the events of an order, or of all orders of an archive, back into the log. The orders and their visits stay as
 * they are; events that waited for them in quarantine are accepted.
 * @throws AppError `not_found`; `not_ready` if the files are missing or were changed; `conflict` if the id of one of the
 * events was used again.
 */
export async function restoreArchived(context: RestoreContext, choice: ArchiveRestore): Promise<ArchiveRestored> {
  const { database, pipeline, directory, actor, now } = context
  const site = pipeline.site.code
  const archive = await findArchive(database, site, choice)
  const events = await readArchive(directory, site, archive).catch(toRefusal)
  const restored = await database.longRunning.transaction(async (tx) => {
    const orders = await lockArchived(tx, site, archive.id, 'order' in choice ? choice.order : undefined)
    if (orders.length === 0) throw notArchived(choice)
    const named = new Set(orders)
    for (const part of archiveParts)
      await part.putBack(tx, directory, site, { archiveId: archive.id, orders: named }).catch(toRefusal)
    const ofOrders = events.filter(({ event }) => named.has(event.order))
    const added = await putBack(tx, site, ofOrders)
    if (added < ofOrders.length)
      throw new AppError(
        'conflict',
        'an event with the source and id of an archived one is in the log: void that first',
      )
    await forgetArchived(tx, site, ofOrders)
    await forgetLeaves(
      tx,
      site,
      archive.id,
      ofOrders.map(({ position }) => position),
    )
    await inStatements(orders, (some) =>
      drizzleOn(tx)
        .update(orderRows)
        .set({ archiveId: null, restoredAt: now })
        .where(and(eq(orderRows.site, site), anyOf(orderRows.orderId, some))),
    )
    await drizzleOn(tx)
      .update(archives)
      .set({
        restoredCount: sql`${archives.restoredCount} + ${orders.length}`,
        partsRestoredCount: sql`${archives.partsRestoredCount} + ${orders.length}`,
      })
      .where(and(eq(archives.site, site), eq(archives.id, archive.id)))
    const subject = 'order' in choice ? choice.order : choice.archive
    const after = { archive: archive.name, orders: orders.length, events: ofOrders.length }
    await recordChange(tx, site, {
      changedAt: now,
      actor,
      action: 'archive.restored',
      subject,
      before: undefined,
      after,
    })
    return { orders: orders.length, events: ofOrders.length }
  })
  return { ...restored, accepted: await pipeline.retryQuarantined('archive') }
}

async function findArchive(db: Queryable, site: string, choice: ArchiveRestore) {
  const { id, name, eventsSha256, logSha256 } = archives
  const found = drizzleOn(db).select({ id, name, eventsSha256, logSha256 }).from(archives)
  const [archive] =
    'order' in choice
      ? await found
          .innerJoin(orderRows, and(eq(orderRows.site, archives.site), eq(orderRows.archiveId, archives.id)))
          .where(and(eq(archives.site, site), eq(orderRows.orderId, choice.order)))
      : // The same orders may have been archived, restored and archived again.
        await found
          .where(and(eq(archives.site, site), eq(archives.name, choice.archive)))
          .orderBy(desc(archives.id))
          .limit(1)
  if (archive === undefined) throw notArchived(choice)
  return archive
}

async function lockArchived(tx: Queryable, site: string, archiveId: number, order: string | undefined) {
  const rows = await drizzleOn(tx)
    .select({ order: orderRows.orderId })
    .from(orderRows)
    .where(
      and(
        eq(orderRows.site, site),
        eq(orderRows.archiveId, archiveId),
        order === undefined ? undefined : eq(orderRows.orderId, order),
      ),
    )
    .orderBy(asc(orderRows.orderId))
    .for('update')
  return rows.map((row) => row.order)
}

function notArchived(choice: ArchiveRestore): AppError {
  return 'order' in choice
    ? new AppError('not_found', 'there is no archived order of this number', { field: 'order' })
    : new AppError('not_found', 'there is no archive of this name with orders that are still archived', {
        field: 'archive',
      })
}
