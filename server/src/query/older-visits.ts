import type { Database, Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { orders as orderRows } from '@stagewatch/db/schema.ts'
import { and, eq, gt, max } from 'drizzle-orm'
import type { LiveEngine } from '../engine/live-engine.ts'
import { VisitStore } from '../engine/visit-store.ts'
import type { StoredOrder } from '../projection/load-orders.ts'
import { readAllOrders } from '../projection/read-all-orders.ts'
import { directScans } from '../engine/scans/visit-scans.ts'
import type { VisitScans } from '../engine/scans/visit-scans.ts'

/** Where visits are that the engine has forgotten. */
export interface OlderVisits {
  readonly database: Database
  readonly site: string
  readonly engine: LiveEngine
}

/**
 * The same scans, that also count visits which were left before the engine's memory begins: those are read from the
 * database, judged like all others and counted by the same code.
 */
export function withOlderVisits(scans: VisitScans, older: OlderVisits): VisitScans {
  const { engine } = older
  return {
    async scan(table, store, filter, clock) {
      const { beginsAt } = engine.ended
      const { fromMs = -Infinity, toMs = Infinity } = filter
      if (toMs > beginsAt) await scans.scan(table, store, { ...filter, fromMs: Math.max(fromMs, beginsAt) }, clock)
      if (fromMs >= beginsAt) return
      const before = { ...filter, toMs: Math.min(toMs, beginsAt) }
      for await (const page of forgottenVisits(older, beginsAt)) await directScans.scan(table, page, before, clock)
    },
  }
}

/** Whether an answer about visits since `from` has been completed from the database, and before which instant. */
export function olderThan({ ended: { beginsAt } }: LiveEngine, from: number | undefined): { memoryFrom?: number } {
  return (from ?? -Infinity) < beginsAt ? { memoryFrom: beginsAt } : {}
}

/** Orders of a page: about as many visits as a chunk of the store holds. */
const ordersPerPage = 5_000

/** The finished visits that were left before `beginsAt`, a page of orders at a time: no more than that is in memory. */
async function* forgottenVisits({ database, site, engine }: OlderVisits, beginsAt: number): AsyncGenerator<VisitStore> {
  const numbers = new ForgottenNumbers(engine)
  for (let after = ''; ;) {
    const upTo = await endOfPage(database.longRunning, site, after)
    if (upTo === undefined) return
    const store = new VisitStore()
    await readAllOrders(database, site, { firstBefore: beginsAt, keys: { after, upTo } }, (orders) => {
      for (const order of orders) addForgotten(store, order, engine, numbers, beginsAt)
    })
    if (store.size > 0) yield store
    after = upTo
  }
}

/** The last order of the page after one. */
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
  beginsAt: number,
): void {
  let number: number | undefined
  for (const visit of state?.visits ?? []) {
    const { leftAt } = visit
    if (state === undefined || leftAt === undefined || leftAt >= beginsAt || visit.cancelled) continue
    const aggregates = engine.aggregatesOf(process, visit.stage)
    const sla = engine.rules.slaOf(process, visit, state.attributes)
    number ??= numbers.of(order)
    store.add(engine.ended.row(number, state, { ...visit, leftAt }, aggregates, sla))
  }
}

/** By which number statistics tell an order apart: the engine's, or for a forgotten one a number after all of those. */
class ForgottenNumbers {
  readonly #engine: LiveEngine
  #next: number

  constructor(engine: LiveEngine) {
    this.#engine = engine
    this.#next = engine.nextNumber
  }

  /** To be asked once for each order. */
  of(order: string): number {
    return this.#engine.order(order)?.number ?? this.#next++
  }
}
