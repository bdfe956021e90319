import type { Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { savedViews, users } from '@stagewatch/db/people-schema.ts'
import { and, asc, count, eq, or, sql } from 'drizzle-orm'

export type StoredView = Omit<typeof savedViews.$inferSelect, 'createdAt'>

/** A stored view with the name of its owner. */
export interface NamedView extends StoredView {
  readonly ownerName: string
}

const { site, id, ownerId, page, name, search, shared, departments } = savedViews
const columns = { site, id, ownerId, page, name, search, shared, departments }

/** Maximum number of views listed. */
const maxListed = 500

/** Views of the person, then shared ones, each sorted by name. */
export function loadViews(db: Queryable, ofSite: string, person: string): Promise<NamedView[]> {
  return drizzleOn(db)
    .select({ ...columns, ownerName: users.name })
    .from(savedViews)
    .innerJoin(users, eq(users.id, ownerId))
    .where(and(eq(site, ofSite), or(eq(ownerId, person), eq(shared, true))))
    .orderBy(sql`${ownerId} <> ${person}`, asc(name), asc(id))
    .limit(maxListed)
}

/** Undefined if there is none. */
export async function lockView(tx: Queryable, ofSite: string, viewId: string): Promise<StoredView | undefined> {
  const [row] = await drizzleOn(tx)
    .select(columns)
    .from(savedViews)
    .where(and(eq(site, ofSite), eq(id, viewId)))
    .for('update')
  return row
}

export async function countViews(db: Queryable, ofSite: string, person: string): Promise<number> {
  const [row] = await drizzleOn(db)
    .select({ views: count() })
    .from(savedViews)
    .where(and(eq(site, ofSite), eq(ownerId, person)))
  return row?.views ?? 0
}

export async function saveView(db: Queryable, view: StoredView): Promise<void> {
  await drizzleOn(db).insert(savedViews).values(view)
}

export async function deleteView(db: Queryable, ofSite: string, viewId: string): Promise<void> {
  await drizzleOn(db)
    .delete(savedViews)
    .where(and(eq(site, ofSite), eq(id, viewId)))
}
