import type { Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { orders as table } from '@stagewatch/db/schema.ts'
import { and, eq, inArray, ne } from 'drizzle-orm'
import type { KnownOrder } from '../files/order-generations.ts'

/** What a site has recorded about orders, in the requested order; undefined for unknown orders. */
export async function knownOrders(
  db: Queryable,
  site: string,
  orders: readonly string[],
): Promise<(KnownOrder | undefined)[]> {
  const rows = await drizzleOn(db)
    .select({ order: table.orderId, firstAt: table.firstAt, lastAt: table.lastEventAt, status: table.status })
    .from(table)
    .where(and(eq(table.site, site), inArray(table.orderId, [...orders]), ne(table.status, 'void')))
  const known = new Map(
    rows.flatMap(({ order, firstAt, lastAt, status }) =>
      firstAt === null || lastAt === null ? [] : [[order, { firstAt, lastAt, hasEnded: status !== 'open' }]],
    ),
  )
  return orders.map((order) => known.get(order))
}
