import type { Queryable, Work } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { events as loggedEvents } from '@stagewatch/db/schema.ts'
import { countVisits } from '@stagewatch/shared/domain/all-visits.ts'
import { and, count, eq, gt } from 'drizzle-orm'
import { loadLogs } from '../log/load-events.ts'
import type { FoldedChange } from './folded-change.ts'
import { foldInSlices } from './fold-orders.ts'
import type { ProcessRules } from './fold-orders.ts'
import { lockOrders } from './lock-orders.ts'
import { saveOrders } from './save-orders.ts'

export interface RebuiltOrders {
  readonly orders: number
  readonly visits: number
  readonly events: number
}

/** Rules that another server instance may change. */
interface SharedRules extends ProcessRules {
  /** @throws StaleRulesError if they no longer match those in the database. */
  requireCurrent(tx: Queryable): Promise<void>
}

/**
 * Folds every order of a site again from the event log and replaces its rows. New events may arrive in the meantime:
 * each page of orders is locked while it is written.
 * @param onProgress receives the number of processed events.
 * @throws StaleRulesError if another server instance has changed the rules in the meantime.
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
    for (const some of portionsOf(orders)) {
      const page = await database.transaction((tx) => rebuildPage(tx, site, some, processes))
      total.orders += page.orders
      total.visits += page.visits
      total.events += page.events
      onProgress(total.events)
    }
    after = last.order
  }
}

interface LoggedOrder {
  readonly order: string
  readonly events: number
}

/** Per transaction, unless a single order has more. */
const eventsPerTransaction = 20_000

/** Splits the orders into portions with about the same number of events. */
function* portionsOf(orders: readonly LoggedOrder[]): Generator<LoggedOrder[]> {
  let portion: LoggedOrder[] = []
  let events = 0
  for (const order of orders) {
    if (portion.length > 0 && events + order.events > eventsPerTransaction) {
      yield portion
      portion = []
      events = 0
    }
    portion.push(order)
    events += order.events
  }
  yield portion
}

/** From the log instead of the orders table, whose rows may be wrong. */
async function nextOrders(database: Queryable, site: string, after: string, limit: number): Promise<LoggedOrder[]> {
  const { orderId } = loggedEvents
  return drizzleOn(database)
    .select({ order: orderId, events: count() })
    .from(loggedEvents)
    .where(and(eq(loggedEvents.site, site), gt(orderId, after)))
    .groupBy(orderId)
    .orderBy(orderId)
    .limit(limit)
}

async function rebuildPage(
  tx: Queryable,
  site: string,
  orders: readonly LoggedOrder[],
  processes: SharedRules,
): Promise<RebuiltOrders> {
  await processes.requireCurrent(tx)
  const saved = await lockOrders(
    tx,
    site,
    orders.map(({ order }) => order),
  )
  const changes: FoldedChange[] = []
  // Archived since the page was read: without its events, its rows must stay as they are.
  const logged = orders.filter(({ order }) => (saved.get(order)?.archiveId ?? null) === null)
  const counts = logged.map(({ order, events }) => [order, events] as const)
  for await (const logs of loadLogs(tx, site, counts)) {
    for (const [order, log] of logs) {
      const change = await foldInSlices(order, log, saved.get(order)?.eventCount ?? 0, processes)
      // Visits of the order may exist although its row does not.
      changes.push({ ...change, savedVisits: undefined })
    }
  }
  await saveOrders(tx, site, changes)
  return {
    orders: logged.length,
    visits: changes.reduce((sum, change) => sum + (change.state === undefined ? 0 : countVisits(change.state)), 0),
    events: changes.reduce((sum, change) => sum + change.eventCount, 0),
  }
}
