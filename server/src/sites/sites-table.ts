import type { Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { sites } from '@stagewatch/db/schema.ts'
import { eq, sql } from 'drizzle-orm'
import type { Site } from '../platform/site.ts'

const columns = { code: sites.code, name: sites.name, timeZone: sites.timeZone, sample: sites.sample }

export async function loadSites(db: Queryable): Promise<Site[]> {
  return drizzleOn(db).select(columns).from(sites)
}

/** All sites, each with whether it has orders. */
export async function loadSitesAtStart(db: Queryable): Promise<(Site & { readonly hasOrders: boolean })[]> {
  // Raw SQL, because drizzle omits the table name of columns if the query has only one table, so that they would refer
  // to the table of the subquery.
  const hasOrders = sql<boolean>`exists (select from orders where orders.site = sites.code)`
  return drizzleOn(db)
    .select({ ...columns, hasOrders })
    .from(sites)
}

export async function loadSite(db: Queryable, code: string): Promise<Site | undefined> {
  const [row] = await siteOf(db, code)
  return row
}

/** The same, locked until the transaction ends. */
export async function lockedSite(tx: Queryable, code: string): Promise<Site | undefined> {
  const [row] = await siteOf(tx, code).for('update')
  return row
}

function siteOf(db: Queryable, code: string) {
  return drizzleOn(db).select(columns).from(sites).where(eq(sites.code, code))
}

/**
 * Inserts a site unless its code exists.
 * @returns whether it is new.
 */
export async function saveSite(db: Queryable, site: Site): Promise<boolean> {
  const added = await drizzleOn(db).insert(sites).values(site).onConflictDoNothing({ target: sites.code })
  return added.rowCount > 0
}

export async function saveTimeZone(tx: Queryable, code: string, timeZone: string): Promise<void> {
  await drizzleOn(tx).update(sites).set({ timeZone }).where(eq(sites.code, code))
}
