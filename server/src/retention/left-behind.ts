import type { Database } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { archives } from '@stagewatch/db/retention-schema.ts'
import { orders as orderRows } from '@stagewatch/db/schema.ts'
import { anyOf } from '@stagewatch/db/sql-expressions.ts'
import { and, asc, eq, gt, isNull, lt } from 'drizzle-orm'
import { inStatements } from '../log/in-statements.ts'
import { archiveParts } from './archive-parts.ts'

/**
 * Puts back corrections and approvals of orders that a server of an earlier version has restored. Such a server knows
 * only of their events, and leaves the rest in files.
 * @throws ArchiveError if a file is missing, or was changed.
 */
export async function bringLeftBehind(database: Database, directory: string, site: string): Promise<void> {
  const { id, name, correctionsSha256, approvalsSha256, restoredCount, partsRestoredCount } = archives
  const stored = await drizzleOn(database)
    .select({ id, name, correctionsSha256, approvalsSha256 })
    .from(archives)
    .where(and(eq(archives.site, site), lt(partsRestoredCount, restoredCount)))
    .orderBy(asc(id))
  for (const archive of stored) {
    const named = new Set<string>()
    for (const part of archiveParts)
      for (const { orderId } of await part.read(directory, site, archive)) named.add(orderId)
    await database.longRunning.transaction(async (tx) => {
      const on = drizzleOn(tx)
      const back = await inStatements([...named].toSorted(), (some) =>
        on
          .select({ order: orderRows.orderId })
          .from(orderRows)
          .where(and(eq(orderRows.site, site), anyOf(orderRows.orderId, some), isNull(orderRows.archiveId)))
          .orderBy(asc(orderRows.orderId))
          .for('update'),
      )
      const isArchive = and(eq(archives.site, site), eq(id, archive.id), gt(restoredCount, partsRestoredCount))
      // Orders that are restored while this waits for their locks have brought everything back themselves.
      const noted = await on
        .update(archives)
        .set({ partsRestoredCount: restoredCount })
        .where(isArchive)
        .returning({ id })
      if (noted.length === 0) return
      const orders = new Set(back.flat().map(({ order }) => order))
      for (const part of archiveParts) await part.putBack(tx, directory, site, { archiveId: archive.id, orders })
    })
  }
}
