import { epochMs } from '@stagewatch/db/database.ts'
import type { Queryable } from '@stagewatch/db/database.ts'

const hourMs = 3_600_000

/** Names that orders, or their visits, have ever had: who asks for one has to find it although it may be forgotten. */
export async function loadNames(
  db: Queryable,
  site: string,
): Promise<Record<'customer' | 'product' | 'department', string[]>> {
  const names = async (column: string, table: string) => {
    const rows = await db.query<{ name: string }>(
      `select distinct ${column} as name from ${table} where site = $1 and ${column} is not null`,
      [site],
    )
    return rows.map(({ name }) => name)
  }
  return {
    customer: await names('customer', 'orders'),
    product: await names('product', 'orders'),
    department: [...(await names('department', 'orders')), ...(await names('department', 'visits'))],
  }
}

/**
 * The full hour, epoch ms, from which on a site has no more than so many ended visits; -Infinity: it never had more.
 */
export async function loadMemoryBegin(db: Queryable, site: string, maxVisits: number): Promise<number> {
  // Nearly always there are far fewer, and finding the instant means to sort them all.
  const [estimate] = await db.query<{ visits: number }>(
    `select reltuples::float8 as visits from pg_class where oid = 'visits'::regclass`,
  )
  if (estimate !== undefined && estimate.visits >= 0 && estimate.visits < maxVisits / 2) return -Infinity
  const [row] = await db.query<{ leftAt: number }>(
    `select ${epochMs('left_at')} as "leftAt" from visits where site = $1 and left_at is not null
     order by left_at desc offset $2 limit 1`,
    [site, maxVisits],
  )
  return row === undefined ? -Infinity : (Math.floor(row.leftAt / hourMs) + 1) * hourMs
}
