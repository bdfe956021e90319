import type { Queryable } from '@stagewatch/db/database.ts'

interface LockedOrder {
  readonly order: string
  readonly eventCount: number
}

const lockRows = `
  select o.order_id as "order", o.event_count as "eventCount"
  from unnest($2::text[]) as t(order_id) join orders o on o.site = $1 and o.order_id = t.order_id
  order by o.order_id for update of o`

/**
 * Makes this transaction the only one, in any process, that folds those of the orders that the tables know.
 * @returns how many events each row contains; an order without a row is missing.
 */
export async function lockOrders(
  tx: Queryable,
  site: string,
  orders: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  if (orders.length === 0) return new Map()
  const rows = await tx.query<LockedOrder>(lockRows, [site, orders])
  return new Map(rows.map((row) => [row.order, row.eventCount]))
}
