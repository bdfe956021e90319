import type { Queryable, Work } from '@stagewatch/db/database.ts'
import { loadEvents } from '../log/load-events.ts'
import { foldAgain } from './fold-orders.ts'
import type { ProcessRules } from './fold-orders.ts'
import { lockOrders } from './lock-orders.ts'
import { saveOrders } from './save-orders.ts'

export interface RebuiltOrders {
  readonly orders: number
  readonly visits: number
  readonly events: number
}

/** Rules that another process may change. */
interface SharedRules extends ProcessRules {
  /** @throws StaleRulesError when they are no longer those of the database. */
  requireCurrent(tx: Queryable): Promise<void>
}

/**
 * Folds every order of a site again from the event log and writes it over the tables. New events may come in
 * meanwhile: a page of orders is locked while it is written.
 * @param onProgress is told how many events are done.
 * @throws StaleRulesError when another process has changed the rules meanwhile.
 */
export async function rebuildOrders(
  database: Work,
  site: string,
  processes: SharedRules,
  onProgress: (events: number) => void = () => undefined,
  pageSize = 2_000,
): Promise<RebuiltOrders> {
  const total = { orders: 0, visits: 0, events: 0 }
  let after = ''
  for (;;) {
    const orders = await nextOrders(database, site, after, pageSize)
    const last = orders.at(-1)
    if (last === undefined) return total
    const page = await database.transaction((tx) => rebuildPage(tx, site, orders, processes))
    total.orders += page.orders
    total.visits += page.visits
    total.events += page.events
    onProgress(total.events)
    after = last
  }
}

/** From the log and not from the orders, whose rows may be what is wrong. */
async function nextOrders(database: Queryable, site: string, after: string, limit: number): Promise<string[]> {
  const rows = await database.query<{ order: string }>(
    `select distinct order_id as "order" from events where site = $1 and order_id > $2 order by 1 limit $3`,
    [site, after, limit],
  )
  return rows.map((row) => row.order)
}

async function rebuildPage(
  tx: Queryable,
  site: string,
  orders: readonly string[],
  processes: SharedRules,
): Promise<RebuiltOrders> {
  await processes.requireCurrent(tx)
  const saved = await lockOrders(tx, site, orders)
  const logs = await loadEvents(tx, site, orders)
  const changes = orders.map((order) => {
    const change = foldAgain(order, logs.get(order) ?? [], saved.get(order) ?? 0, processes)
    // The visits of an order may be there although its row is not.
    return { ...change, savedVisits: undefined }
  })
  await saveOrders(tx, site, changes)
  return {
    orders: orders.length,
    visits: changes.reduce((sum, change) => sum + (change.state?.visits.length ?? 0), 0),
    events: changes.reduce((sum, change) => sum + change.eventCount, 0),
  }
}
