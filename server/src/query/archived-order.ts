import type { Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { archives } from '@stagewatch/db/retention-schema.ts'
import { orders } from '@stagewatch/db/schema.ts'
import type { OrderDetail } from '@stagewatch/shared/contract/orders.ts'
import { and, eq } from 'drizzle-orm'

/** Where the events of an order are, if they are archived. Archives are not readable with the rights of callers. */
export async function archivedOrder(
  db: Queryable,
  site: string,
  order: string,
): Promise<Pick<OrderDetail, 'archived'>> {
  const [found] = await drizzleOn(db)
    .select({ at: archives.archivedAt, archive: archives.name })
    .from(orders)
    .innerJoin(archives, and(eq(archives.site, orders.site), eq(archives.id, orders.archiveId)))
    .where(and(eq(orders.site, site), eq(orders.orderId, order)))
  return found === undefined ? {} : { archived: found }
}
