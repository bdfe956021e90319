import type { Queryable } from '@stagewatch/db/database.ts'

/** What the tables say of an order before its new events are folded in. */
export interface SavedOrder {
  readonly order: string
  readonly eventCount: number
}

const lockRows = `
  select order_id as "order", event_count as "eventCount" from orders
  where site = $1 and order_id = any($2::text[]) order by order_id for update`

const insertRows = `
  insert into orders (site, order_id, event_count, process, status, facts, reopened_count, complaint_count)
  select $1, order_id, 0, '', 'void', '{}', 0, 0 from unnest($2::text[]) as t(order_id)
  on conflict (site, order_id) do nothing`

/**
 * Makes this transaction the only one that folds the named orders, in any process, and creates the rows of new ones.
 * Rows are locked and created in the order of their key, so that two transactions cannot wait for each other.
 */
export async function lockOrders(
  tx: Queryable,
  site: string,
  orders: readonly string[],
): Promise<Map<string, SavedOrder>> {
  const found = new Map<string, SavedOrder>()
  for (const row of await tx.query<SavedOrder>(lockRows, [site, orders])) found.set(row.order, row)
  const missing = orders.filter((order) => !found.has(order)).toSorted()
  if (missing.length === 0) return found
  await tx.query(insertRows, [site, missing])
  for (const row of await tx.query<SavedOrder>(lockRows, [site, missing])) found.set(row.order, row)
  return found
}
