import type { Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { events, imports } from '@stagewatch/db/schema.ts'
import { anyOf } from '@stagewatch/db/sql-expressions.ts'
import type { ImportBegin, ImportEnd, ImportView } from '@stagewatch/shared/contract/imports.ts'
import { importLimits } from '@stagewatch/shared/contract/imports.ts'
import { and, asc, desc, eq, gt, gte, isNotNull, isNull, sql } from 'drizzle-orm'

export type StoredImport = typeof imports.$inferSelect

/** @param now epoch ms. @returns its number. */
export async function insertImport(
  db: Queryable,
  site: string,
  { file, hash, options }: ImportBegin,
  actor: string,
  now: number,
): Promise<number> {
  const [row] = await drizzleOn(db)
    .insert(imports)
    .values({ site, file, fileHash: hash, options, actor, startedAt: now })
    .returning({ id: imports.id })
  if (row === undefined) throw new Error('the import was not stored')
  return row.id
}

export async function endImport(db: Queryable, site: string, id: number, end: ImportEnd, now: number): Promise<void> {
  const { brokenOff, ...counts } = end
  await drizzleOn(db)
    .update(imports)
    .set({ ...counts, brokenOff, endedAt: now, lastTx: sql`pg_current_xact_id()` })
    .where(and(eq(imports.site, site), eq(imports.id, id), isNull(imports.undoStartedAt)))
}

/** The newest first. */
export function loadImports(db: Queryable, site: string): Promise<StoredImport[]> {
  return drizzleOn(db)
    .select()
    .from(imports)
    .where(eq(imports.site, site))
    .orderBy(desc(imports.id))
    .limit(importLimits.list)
}

/** Those of a file with these bytes that count, the newest first. */
export function loadImportsOf(db: Queryable, site: string, hash: string): Promise<StoredImport[]> {
  return drizzleOn(db)
    .select()
    .from(imports)
    .where(and(eq(imports.site, site), eq(imports.fileHash, hash), isNull(imports.undoStartedAt)))
    .orderBy(desc(imports.id))
    .limit(importLimits.list)
}

/** Nobody else begins to undo it until the transaction ends. Undefined: there is none. */
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
 * Holds imports open until the transaction ends: whoever undoes one waits for what is being added to it, and nothing is
 * added afterwards. @returns whether all of them are open.
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

/** An event of an import, as it is taken back. */
export interface ImportedEvent {
  readonly source: string
  readonly id: string
  readonly order: string
  readonly tx: string
  readonly position: number
}

/** The next events of an import that count, in the order of the log, which is read from where the ones before end. */
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

/** Orders of those events among the named ones that came with an import which was undone. */
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
  const { endedAt, brokenOff, undoStartedAt, undoEndedAt, undoActor, undoReason, undone } = row
  return {
    id,
    file,
    hash: fileHash,
    options: { ...options },
    state: stateOf(row),
    actor,
    startedAt,
    ...(endedAt !== null && { endedAt }),
    ...(brokenOff !== null && { brokenOff }),
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

function stateOf({ endedAt, brokenOff, undoStartedAt, undoEndedAt }: StoredImport): ImportView['state'] {
  if (undoEndedAt !== null) return 'undone'
  if (undoStartedAt !== null) return 'undoing'
  if (endedAt === null) return 'running'
  return brokenOff === null ? 'done' : 'brokenOff'
}
