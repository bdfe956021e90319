import type { Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { orders, visits } from '@stagewatch/db/schema.ts'
import { and, desc, eq, isNotNull, sql } from 'drizzle-orm'
import type { SQL } from 'drizzle-orm'
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core'

const hourMs = 3_600_000

/** Names that orders, or their visits, have ever had: who asks for one has to find it although it may be forgotten. */
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

/** About how many visits all sites have, as far as the database has ever counted; −1: it has not. */
export async function estimateVisits(db: Queryable): Promise<number> {
  const [estimate] = await drizzleOn(db).execute<{ count: number }>(
    sql`select reltuples::float8 as count from pg_class where oid = 'visits'::regclass`,
  )
  return estimate?.count ?? -1
}

/**
 * The full hour, epoch ms, from which on a site has no more than so many ended visits; -Infinity: it never had more.
 */
export async function loadMemoryBegin(db: Queryable, site: string, maxVisits: number): Promise<number> {
  // Nearly always there are far fewer, and finding the instant means to sort them all.
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
