import type { Queryable } from '@stagewatch/db/database.ts'

/** What the row of an order says. */
export interface LockedOrder {
  readonly order: string
  readonly eventCount: number
  readonly process: string
}

const lockRows = `
  select o.order_id as "order", o.event_count as "eventCount", o.process
  from unnest($2::text[]) as t(order_id) join orders o on o.site = $1 and o.order_id = t.order_id
  order by o.order_id for update of o`

/**
 * Makes this transaction the only one, on any server instance, that folds those of the orders that the tables know. All
 * are locked by one statement in the order of their keys, so that two transactions do not wait for each other.
 * @returns what each row says; an order without a row is missing.
 */
export async function lockOrders(
  tx: Queryable,
  site: string,
  orders: readonly string[],
): Promise<ReadonlyMap<string, LockedOrder>> {
  if (orders.length === 0) return new Map()
  const rows = await tx.query<LockedOrder>(lockRows, [site, orders])
  return new Map(rows.map((row) => [row.order, row]))
}
