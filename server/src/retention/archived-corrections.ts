import type { Database, Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { archives } from '@stagewatch/db/retention-schema.ts'
import { corrections, orders as orderRows } from '@stagewatch/db/schema.ts'
import { anyOf } from '@stagewatch/db/sql-expressions.ts'
import { and, asc, eq, getTableColumns, gt, isNull, sql } from 'drizzle-orm'
import { inStatements } from '../log/in-statements.ts'
import { isSameCorrections, readCorrections, writeCorrections } from './correction-files.ts'
import type { StoredCorrection } from './correction-files.ts'

type ArchiveRow = typeof archives.$inferSelect

/** Orders whose corrections are read by one statement. */
const ordersPerRead = 100

/** The next archive whose corrections are still in the database. */
export async function nextWithoutCorrections(
  db: Queryable,
  site: string,
  after: number,
): Promise<Pick<ArchiveRow, 'id' | 'name'> | undefined> {
  const { id, name } = archives
  const [next] = await drizzleOn(db)
    .select({ id, name })
    .from(archives)
    .where(and(eq(archives.site, site), isNull(archives.correctionCount), gt(id, after)))
    .orderBy(asc(id))
    .limit(1)
  return next
}

/**
 * Moves the corrections of the archived orders of an archive to a file: first the file, then, in the transaction that
 * notes it, the rows. What is broken off is repeated by the next run.
 * @throws ArchiveError if the file cannot be written.
 */
export async function archiveCorrections(
  database: Database,
  directory: string,
  site: string,
  { id, name }: Pick<ArchiveRow, 'id' | 'name'>,
): Promise<void> {
  const orders = await archivedOrders(database.longRunning, site, id, false)
  const found = await loadCorrectionsOf(database.longRunning, site, orders)
  const written = found.length === 0 ? undefined : await writeCorrections(directory, site, name, found)
  await database.longRunning.transaction(async (tx) => {
    // Orders that are restored meanwhile are locked first by whoever restores them.
    const locked = await archivedOrders(tx, site, id, true)
    const current = await loadCorrectionsOf(tx, site, locked)
    if (!isSameCorrections(current, found)) return
    const on = drizzleOn(tx)
    const [noted] = await on
      .update(archives)
      .set({
        correctionCount: found.length,
        correctionsSha256: written?.sha256 ?? null,
        bytes: sql`${archives.bytes} + ${written?.bytes ?? 0}`,
      })
      .where(and(eq(archives.site, site), eq(archives.id, id), isNull(archives.correctionCount)))
      .returning({ id: archives.id })
    // Another server instance was faster.
    if (noted === undefined) return
    const ids = found.map((one) => one.id)
    await inStatements(ids, (some) =>
      on.delete(corrections).where(and(eq(corrections.site, site), anyOf(corrections.id, some))),
    )
  })
}

/**
 * Puts the corrections of orders back, in the transaction that puts their events back and has locked the orders.
 * @throws ArchiveError if their file is missing, or was changed.
 */
export async function putBackCorrections(
  tx: Queryable,
  directory: string,
  site: string,
  archiveId: number,
  orders: ReadonlySet<string>,
): Promise<void> {
  const on = drizzleOn(tx)
  const isArchive = and(eq(archives.site, site), eq(archives.id, archiveId))
  const { name, correctionsSha256 } = archives
  const [archive] = await on.select({ name, correctionsSha256 }).from(archives).where(isArchive)
  if (archive === undefined) return
  const back = (await readCorrections(directory, site, archive)).filter(({ orderId }) => orders.has(orderId))
  if (back.length === 0) return
  await inStatements(back, (some) =>
    on
      .insert(corrections)
      .overridingSystemValue()
      .values(some.map((one) => ({ site, ...one })))
      .onConflictDoNothing(),
  )
  await on
    .update(archives)
    .set({ correctionCount: sql`${archives.correctionCount} - ${back.length}` })
    .where(isArchive)
}

/** The orders of an archive that are not back. */
async function archivedOrders(db: Queryable, site: string, archiveId: number, isLocked: boolean): Promise<string[]> {
  const query = drizzleOn(db)
    .select({ order: orderRows.orderId })
    .from(orderRows)
    .where(and(eq(orderRows.site, site), eq(orderRows.archiveId, archiveId)))
    .orderBy(asc(orderRows.orderId))
  const rows = await (isLocked ? query.for('update') : query)
  return rows.map(({ order }) => order)
}

/** By id, so that the same corrections give the same file. */
async function loadCorrectionsOf(db: Queryable, site: string, orders: readonly string[]): Promise<StoredCorrection[]> {
  const { site: _site, ...columns } = getTableColumns(corrections)
  const all: StoredCorrection[] = []
  for (let from = 0; from < orders.length; from += ordersPerRead) {
    const some = orders.slice(from, from + ordersPerRead)
    const rows = await drizzleOn(db)
      .select(columns)
      .from(corrections)
      .where(and(eq(corrections.site, site), anyOf(corrections.orderId, some)))
    all.push(...rows)
  }
  return all.toSorted((a, b) => a.id - b.id)
}
