import type { Database, Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { orders as orderRows } from '@stagewatch/db/schema.ts'
import { and, eq, gt, max } from 'drizzle-orm'
import type { LiveEngine } from '../engine/live-engine.ts'
import { VisitStore } from '../engine/visit-store.ts'
import type { StoredOrder } from '../projection/load-orders.ts'
import { readAllOrders } from '../projection/read-all-orders.ts'
import { ScanWatch } from '../engine/scans/scan-watch.ts'
import { directScans } from '../engine/scans/visit-scans.ts'
import type { VisitScans } from '../engine/scans/visit-scans.ts'

/** Source of visits that the engine has evicted. */
export interface OlderVisits {
  readonly database: Database
  readonly site: string
  readonly engine: LiveEngine
}

/**
 * Returns scans that also count visits which ended before the start of the engine's memory. These are read from the
 * database, and evaluated and counted by the same code as all others.
 * @param watch watch of the query that the scans belong to.
 */
export function withOlderVisits(scans: VisitScans, older: OlderVisits, watch = new ScanWatch()): VisitScans {
  const { engine } = older
  return {
    async scan(table, store, filter, clock) {
      const { startsAt } = engine.ended
      const { fromMs = -Infinity, toMs = Infinity } = filter
      const kept = { ...filter, fromMs: Math.max(fromMs, startsAt) }
      if (toMs > startsAt) await scans.scan(table, store, kept, clock, watch)
      if (fromMs >= startsAt) return
      const before = { ...filter, toMs: Math.min(toMs, startsAt) }
      for await (const page of forgottenVisits(older, startsAt)) {
        await directScans.scan(table, page, before, clock, watch)
      }
    },
  }
}

/**
 * Whether an answer about visits since `from` includes visits from the database, and before which instant they ended.
 */
export function olderThan({ ended: { startsAt } }: LiveEngine, from: number | undefined): { memoryFrom?: number } {
  return (from ?? -Infinity) < startsAt ? { memoryFrom: startsAt } : {}
}

/** Orders per page: about as many visits as in a chunk of the store. */
const ordersPerPage = 5_000

/** The finished visits that ended before `startsAt`, one page of orders at a time to limit memory. */
async function* forgottenVisits({ database, site, engine }: OlderVisits, startsAt: number): AsyncGenerator<VisitStore> {
  const numbers = new ForgottenNumbers(engine)
  for (let after = ''; ;) {
    const upTo = await endOfPage(database.longRunning, site, after)
    if (upTo === undefined) return
    const store = new VisitStore()
    await readAllOrders(database, site, { firstBefore: startsAt, keys: { after, upTo } }, (orders) => {
      for (const order of orders) addForgotten(store, order, engine, numbers, startsAt)
    })
    if (store.size > 0) yield store
    after = upTo
  }
}

/** The last order of the page after the given one. */
async function endOfPage(db: Queryable, site: string, after: string): Promise<string | undefined> {
  const on = drizzleOn(db)
  const { orderId } = orderRows
  const page = on
    .select({ orderId })
    .from(orderRows)
    .where(and(eq(orderRows.site, site), gt(orderId, after)))
    .orderBy(orderId)
    .limit(ordersPerPage)
    .as('page')
  const [row] = await on.select({ upTo: max(page.orderId) }).from(page)
  return row?.upTo ?? undefined
}

function addForgotten(
  store: VisitStore,
  { order, process, state }: StoredOrder,
  engine: LiveEngine,
  numbers: ForgottenNumbers,
  startsAt: number,
): void {
  let number: number | undefined
  for (const visit of state?.visits ?? []) {
    const { leftAt } = visit
    if (state === undefined || leftAt === undefined || leftAt >= startsAt || visit.cancelled) continue
    const aggregates = engine.aggregatesOf(process, visit.stage)
    const sla = engine.rules.slaOf(process, visit, state.attributes)
    number ??= numbers.of(order)
    store.add(engine.ended.row(number, state, { ...visit, leftAt }, aggregates, sla))
  }
}

/**
 * Numbers that identify orders in statistics: the engine's number, or a number after all of those for an evicted order.
 */
class ForgottenNumbers {
  readonly #engine: LiveEngine
  #next: number

  constructor(engine: LiveEngine) {
    this.#engine = engine
    this.#next = engine.nextNumber
  }

  /** Must be called only once per order. */
  of(order: string): number {
    return this.#engine.order(order)?.number ?? this.#next++
  }
}
