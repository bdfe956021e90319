import { erasures } from '@stagewatch/db/audit-schema.ts'
import type { Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { maxListedErasures } from '@stagewatch/shared/contract/erasures.ts'
import type { Erasure } from '@stagewatch/shared/contract/erasures.ts'
import { and, asc, count, desc, eq, isNull } from 'drizzle-orm'

export type StoredErasure = typeof erasures.$inferSelect

/** The removals of a site, newest first. */
export async function listErasures(db: Queryable, site: string): Promise<Erasure[]> {
  const { id, kind, pseudonym, reason, actor, requestedAt, doneAt, eventCount, rowCount } = erasures
  const rows = await drizzleOn(db)
    .select({ id, kind, pseudonym, reason, actor, requestedAt, doneAt, events: eventCount, rows: rowCount })
    .from(erasures)
    .where(eq(erasures.site, site))
    .orderBy(desc(erasures.requestedAt), desc(erasures.id))
    .limit(maxListedErasures)
  return rows.map(({ doneAt: at, ...row }) => ({ ...row, ...(at !== null && { doneAt: at }) }))
}

/** The number of removals of a site that are not done. */
export async function countPending(db: Queryable, site: string): Promise<number> {
  const [row] = await drizzleOn(db)
    .select({ count: count() })
    .from(erasures)
    .where(and(eq(erasures.site, site), isNull(erasures.doneAt)))
  return row?.count ?? 0
}

/** The oldest removal that is not done. */
export async function nextErasure(db: Queryable): Promise<StoredErasure | undefined> {
  const [row] = await drizzleOn(db)
    .select()
    .from(erasures)
    .where(isNull(erasures.doneAt))
    .orderBy(asc(erasures.requestedAt))
    .limit(1)
  return row
}

export async function insertErasure(
  db: Queryable,
  row: Omit<typeof erasures.$inferInsert, 'tx' | 'position'>,
): Promise<void> {
  await drizzleOn(db).insert(erasures).values(row)
}

export async function updateErasure(
  db: Queryable,
  { site, id }: Pick<StoredErasure, 'site' | 'id'>,
  values: Partial<StoredErasure>,
): Promise<void> {
  await drizzleOn(db)
    .update(erasures)
    .set(values)
    .where(and(eq(erasures.site, site), eq(erasures.id, id)))
}
