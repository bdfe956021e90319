import type { Queryable } from '@stagewatch/db/database.ts'

/** Content of an order's row. */
export interface LockedOrder {
  readonly order: string
  readonly eventCount: number
  readonly process: string
  /** The archive that has its events. Null: they are in the log. */
  readonly archiveId: number | null
}

const lockRows = `
  select o.order_id as "order", o.event_count as "eventCount", o.process, o.archive_id::float8 as "archiveId"
  from unnest($2::text[]) as t(order_id) join orders o on o.site = $1 and o.order_id = t.order_id
  order by o.order_id for update of o`

/**
 * Locks those of the orders that have a row, so that no other transaction on any server instance folds them. One
 * statement locks them all in key order, so that two transactions cannot deadlock.
 * @returns the content of each row; an order without a row is missing.
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
