import type { Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { orders, visits } from '@stagewatch/db/schema.ts'
import { and, desc, eq, isNotNull, sql } from 'drizzle-orm'
import type { SQL } from 'drizzle-orm'
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core'

const hourMs = 3_600_000

/**
 * All names that orders or their visits ever had, because a query for a name must find it even if its visits were
 * evicted.
 */
export async function loadNames(
  db: Queryable,
  site: string,
): Promise<Record<'customer' | 'customerClass' | 'product' | 'department', string[]>> {
  const names = async (table: PgTable, name: PgColumn | SQL) => {
    const rows = await drizzleOn(db).execute<{ name: string }>(
      sql`select distinct ${name} as name from ${table} where site = ${site} and ${name} is not null`,
    )
    return rows.map((row) => row.name)
  }
  const classOf = ({ attributes }: typeof orders | typeof visits) => sql`${attributes} ->> 'customerClass'`
  return {
    customer: await names(orders, orders.customer),
    customerClass: [...(await names(orders, classOf(orders))), ...(await names(visits, classOf(visits)))],
    product: await names(orders, orders.product),
    department: [...(await names(orders, orders.department)), ...(await names(visits, visits.department))],
  }
}

/** Approximate number of visits of all sites by the database statistics; −1 if there are none. */
export async function estimateVisits(db: Queryable): Promise<number> {
  const [estimate] = await drizzleOn(db).execute<{ count: number }>(
    sql`select reltuples::float8 as count from pg_class where oid = 'visits'::regclass`,
  )
  return estimate?.count ?? -1
}

/** The full hour, epoch ms, since which a site has at most `maxVisits` ended visits. -Infinity if it never had more. */
export async function loadMemoryStart(db: Queryable, site: string, maxVisits: number): Promise<number> {
  // Most sites have far fewer, and determining the instant requires sorting all of them.
  const estimate = await estimateVisits(db)
  if (estimate >= 0 && estimate < maxVisits / 2) return -Infinity
  const [row] = await drizzleOn(db)
    .select({ leftAt: visits.leftAt })
    .from(visits)
    .where(and(eq(visits.site, site), isNotNull(visits.leftAt)))
    .orderBy(desc(visits.leftAt))
    .offset(maxVisits)
    .limit(1)
  const leftAt = row?.leftAt ?? undefined
  return leftAt === undefined ? -Infinity : (Math.floor(leftAt / hourMs) + 1) * hourMs
}
