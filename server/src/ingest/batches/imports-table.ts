import type { Database, Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { imports } from '@stagewatch/db/imports-schema.ts'
import { events } from '@stagewatch/db/schema.ts'
import { anyOf, databaseNow, inMs, isBeyondLease } from '@stagewatch/db/sql-expressions.ts'
import { gatherStatistics } from '@stagewatch/db/with-statistics.ts'
import type { ImportBegin, ImportEnd, ImportView } from '@stagewatch/shared/contract/imports.ts'
import type { BreakOff } from './break-off.ts'
import { importLimits } from '@stagewatch/shared/contract/imports.ts'
import { and, asc, count, desc, eq, gt, gte, isNotNull, isNull, sql } from 'drizzle-orm'
import type { SQL, SQLWrapper } from 'drizzle-orm'
import { announceChange } from '../../platform/site-changes.ts'

export type StoredImport = typeof imports.$inferSelect

/**
 * @param now epoch ms.
 * @returns the number of the import.
 */
export async function insertImport(
  db: Queryable,
  site: string,
  { file, hash, options }: ImportBegin,
  actor: string,
  now: number,
  reader: Pick<StoredImport, 'upload' | 'instance'> = { upload: null, instance: null },
): Promise<number> {
  const [row] = await drizzleOn(db)
    .insert(imports)
    .values({ site, file, fileHash: hash, options, actor, startedAt: now, ...reader, aliveAt: databaseNow })
    .returning({ id: imports.id })
  if (row === undefined) throw new Error('the import was not stored')
  return row.id
}

/** Fewer added events than this hardly change the statistics of the tables. */
const largeImport = 10_000

/** Stores how an import ended. After a large one, the planner's statistics are gathered anew. */
export async function endImport(
  database: Database,
  site: string,
  id: number,
  end: ImportEnd,
  now: number,
): Promise<void> {
  const { brokenOff, brokenOffCause, ...counts } = end
  if (counts.accepted >= largeImport) await gatherStatistics(database)
  await drizzleOn(database)
    .update(imports)
    .set({ ...counts, brokenOff, brokenOffCause, endedAt: now, lastTx: sql`pg_current_xact_id()` })
    .where(and(eq(imports.site, site), eq(imports.id, id), isNull(imports.undoStartedAt)))
}

/**
 * Stores the progress of the server instance that reads the file.
 * @returns whether a stop was requested.
 */
export async function keepImport(
  db: Queryable,
  { site, id }: Pick<StoredImport, 'site' | 'id'>,
  reached: Partial<Pick<StoredImport, 'progress' | 'rows' | 'accepted' | 'duplicate' | 'rejected'>>,
): Promise<boolean> {
  const [row] = await drizzleOn(db)
    .update(imports)
    .set({ ...reached, aliveAt: databaseNow })
    .where(and(eq(imports.site, site), eq(imports.id, id)))
    .returning({ stopping: imports.stopping })
  return row?.stopping ?? true
}

/** @param report how the file was read; undefined if it was not read. */
export async function saveReport(
  db: Queryable,
  { site, id }: Pick<StoredImport, 'site' | 'id'>,
  report: StoredImport['report'],
): Promise<void> {
  await drizzleOn(db)
    .update(imports)
    .set({ report, progress: null })
    .where(and(eq(imports.site, site), eq(imports.id, id)))
}

/**
 * Ends an import that no instance reads any more. Its added events are counted in the log, because its reader may have
 * died before it could report the number.
 */
export async function breakOffImport(
  database: Database,
  { site, id }: Pick<StoredImport, 'site' | 'id'>,
  breakOff: BreakOff,
  now: number,
): Promise<void> {
  const stored = await loadImport(database, site, id)
  if (stored === undefined || stored.endedAt !== null) return
  const [added] = await drizzleOn(database.longRunning)
    .select({ events: count() })
    .from(events)
    .where(and(eq(events.site, site), eq(events.importId, id), gte(events.tx, stored.firstTx)))
  const { duplicate, rejected } = stored
  const accepted = added?.events ?? 0
  const rows = accepted + duplicate + rejected
  await endImport(database, site, id, { rows, accepted, duplicate, rejected, ...breakOff }, now)
  await announceChange(database, site, 'imports')
}

const silentMs = 15_000

/** Whether the last sign of life is so old that the instance may have died. */
export function isSilent(aliveAt: SQLWrapper): SQL {
  return sql`${aliveAt} < ${inMs(-silentMs)}`
}

/** The clock of the database was set back since. Whether the instance is alive shows in the next seconds. */
export function isAhead(aliveAt: SQLWrapper): SQL {
  return isBeyondLease(aliveAt, 0)
}

/**
 * Imports whose server instance may have died: a running one reports its progress every second.
 * @param isAlone whether this is the only instance.
 */
export async function loadLostImports(db: Queryable, isAlone: boolean): Promise<StoredImport[]> {
  const on = drizzleOn(db)
  const isRunning = and(isNotNull(imports.instance), isNull(imports.endedAt))
  await on
    .update(imports)
    .set({ aliveAt: databaseNow })
    .where(and(isRunning, isAhead(imports.aliveAt)))
  return on
    .select()
    .from(imports)
    .where(and(isRunning, isAlone ? undefined : isSilent(imports.aliveAt)))
    .limit(importLimits.list)
}

/** @returns whether the server is reading such an import. */
export async function requestStop(db: Queryable, site: string, id: number): Promise<boolean> {
  const asked = await drizzleOn(db)
    .update(imports)
    .set({ stopping: true })
    .where(and(eq(imports.site, site), eq(imports.id, id), isNull(imports.endedAt), isNotNull(imports.instance)))
  return asked.rowCount > 0
}

/** Newest first. */
export function loadImports(db: Queryable, site: string): Promise<StoredImport[]> {
  return drizzleOn(db)
    .select()
    .from(imports)
    .where(eq(imports.site, site))
    .orderBy(desc(imports.id))
    .limit(importLimits.list)
}

/** The import that most recently started reading the upload. */
export async function loadImportOfUpload(
  db: Queryable,
  site: string,
  upload: string,
): Promise<StoredImport | undefined> {
  const [row] = await drizzleOn(db)
    .select()
    .from(imports)
    .where(and(eq(imports.site, site), eq(imports.upload, upload)))
    .orderBy(desc(imports.id))
    .limit(1)
  return row
}

/** Imports of a file with this hash that count, newest first. */
export function loadImportsOf(db: Queryable, site: string, hash: string): Promise<StoredImport[]> {
  return drizzleOn(db)
    .select()
    .from(imports)
    .where(and(eq(imports.site, site), eq(imports.fileHash, hash), isNull(imports.undoStartedAt)))
    .orderBy(desc(imports.id))
    .limit(importLimits.list)
}

/**
 * Locks the import, so that nobody else starts to undo it before the transaction ends. Undefined if it does not exist.
 */
export async function lockImport(tx: Queryable, site: string, id: number): Promise<StoredImport | undefined> {
  const [row] = await drizzleOn(tx)
    .select()
    .from(imports)
    .where(and(eq(imports.site, site), eq(imports.id, id)))
    .for('update')
  return row
}

export async function loadImport(db: Queryable, site: string, id: number): Promise<StoredImport | undefined> {
  const [row] = await drizzleOn(db)
    .select()
    .from(imports)
    .where(and(eq(imports.site, site), eq(imports.id, id)))
  return row
}

/**
 * Locks imports in their open state until the transaction ends: an undo waits for events that are being added, and no
 * events are added afterwards.
 * @returns whether all of them are open.
 */
export async function holdImportsOpen(tx: Queryable, site: string, ids: readonly number[]): Promise<boolean> {
  if (ids.length === 0) return true
  const open = await drizzleOn(tx)
    .select({ id: imports.id })
    .from(imports)
    .where(and(eq(imports.site, site), anyOf(imports.id, ids), isNull(imports.undoStartedAt)))
    .for('share')
  return open.length === ids.length
}

/**
 * Locks imports until the transaction ends, so that nobody begins to undo them.
 * @returns whether none of them is being undone.
 */
export async function holdNotUndone(tx: Queryable, site: string, ids: readonly number[]): Promise<boolean> {
  const held = await drizzleOn(tx)
    .select({ startedAt: imports.undoStartedAt, endedAt: imports.undoEndedAt })
    .from(imports)
    .where(and(eq(imports.site, site), anyOf(imports.id, ids)))
    .for('share')
  return held.every(({ startedAt, endedAt }) => startedAt === null || endedAt !== null)
}

/** The imports of a site that are being undone. */
export async function loadUndoing(db: Queryable, site: string): Promise<number[]> {
  const rows = await drizzleOn(db)
    .select({ id: imports.id })
    .from(imports)
    .where(and(eq(imports.site, site), isNotNull(imports.undoStartedAt), isNull(imports.undoEndedAt)))
  return rows.map(({ id }) => id)
}

export async function saveUndo(
  db: Queryable,
  site: string,
  id: number,
  undo: Partial<
    Pick<
      StoredImport,
      'undoStartedAt' | 'undoActor' | 'undoReason' | 'undone' | 'firstTx' | 'undonePosition' | 'undoEndedAt'
    >
  >,
): Promise<void> {
  await drizzleOn(db)
    .update(imports)
    .set(undo)
    .where(and(eq(imports.site, site), eq(imports.id, id)))
}

/** An event of an import that is being undone. */
export interface ImportedEvent {
  readonly source: string
  readonly id: string
  readonly order: string
  readonly tx: string
  readonly position: number
}

/** The next page of events of an import that count, in log order, starting after the previous page. */
export async function loadImportedEvents(
  db: Queryable,
  { site, id, firstTx, lastTx, undonePosition }: StoredImport,
  limit: number,
): Promise<ImportedEvent[]> {
  const position = sql<number>`${events.position}::float8`
  return drizzleOn(db)
    .select({
      source: events.source,
      id: events.id,
      order: events.orderId,
      tx: events.tx,
      position: position.as('place'),
    })
    .from(events)
    .where(
      and(
        eq(events.site, site),
        eq(events.importId, id),
        gte(events.tx, firstTx),
        lastTx === null ? undefined : sql`${events.tx} <= ${lastTx}::xid8`,
        sql`(${events.tx} > ${firstTx}::xid8 or ${gt(position, undonePosition)})`,
      ),
    )
    .orderBy(asc(events.tx), asc(events.position))
    .limit(limit)
}

/** Orders of the given events that belong to an import that was undone. */
export async function loadOrdersOfUndone(
  tx: Queryable,
  site: string,
  named: readonly { readonly source: string; readonly id: string }[],
): Promise<string[]> {
  const rows = await drizzleOn(tx)
    .selectDistinct({ order: events.orderId })
    .from(events)
    .innerJoin(imports, and(eq(imports.site, events.site), eq(imports.id, events.importId)))
    .where(
      and(
        eq(events.site, site),
        sql`(${events.source}, ${events.id}) in (select * from unnest(
          ${sql.param(named.map(({ source }) => source))}::text[], ${sql.param(named.map(({ id }) => id))}::text[]))`,
        isNotNull(imports.undoStartedAt),
      ),
    )
  return rows.map(({ order }) => order)
}

export function viewOfImport(row: StoredImport): ImportView {
  const { id, file, fileHash, options, actor, startedAt, rows, accepted, duplicate, rejected } = row
  const { progress, endedAt, brokenOff, brokenOffCause, undoStartedAt, undoEndedAt, undoActor, undoReason, undone } =
    row
  return {
    id,
    file,
    hash: fileHash,
    options: { ...options },
    state: stateOf(row),
    actor,
    startedAt,
    ...(endedAt === null && progress !== null && { progress }),
    ...(endedAt !== null && { endedAt }),
    ...(brokenOff !== null && { brokenOff }),
    ...(brokenOffCause !== null && { brokenOffCause }),
    rows,
    accepted,
    duplicate,
    rejected,
    ...(undoStartedAt !== null && {
      undo: {
        startedAt: undoStartedAt,
        ...(undoEndedAt !== null && { endedAt: undoEndedAt }),
        actor: undoActor ?? '',
        reason: undoReason ?? '',
        events: undone,
      },
    }),
  }
}

function stateOf({
  endedAt,
  brokenOff,
  undoStartedAt,
  undoEndedAt,
  instance,
  progress,
}: StoredImport): ImportView['state'] {
  if (undoEndedAt !== null) return 'undone'
  if (undoStartedAt !== null) return 'undoing'
  if (endedAt === null) return instance !== null && progress === null ? 'waiting' : 'running'
  return brokenOff === null ? 'done' : 'brokenOff'
}
