import type { Database } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { orders as orderRows } from '@stagewatch/db/schema.ts'
import { effectiveEvents } from '@stagewatch/shared/domain/effective-events.ts'
import { compareEvents } from '@stagewatch/shared/domain/event-order.ts'
import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import { and, eq, gte, isNull, lte, or, sql } from 'drizzle-orm'
import { foldAgain } from '../../projection/fold-orders.ts'
import type { ProcessRules } from '../../projection/fold-orders.ts'
import type { StoredOrder } from '../../projection/load-orders.ts'
import { readAllOrders } from '../../projection/read-all-orders.ts'
import { loadEvents } from '../../log/load-events.ts'

/** A period in the past, epoch ms. */
export interface RecordedSpan {
  readonly from: number
  readonly to: number
}

const ordersPerRead = 2_000

/** The orders of a site as they were during a period, based on today's knowledge of them. */
export class RecordedOrders {
  /** By order, in the order in which the events apply. */
  readonly #logs: ReadonlyMap<string, readonly OrderEvent[]>
  /** The events within the period, in order. */
  readonly #events: readonly OrderEvent[]
  readonly #rules: ProcessRules
  #next = 0

  private constructor(
    logs: ReadonlyMap<string, readonly OrderEvent[]>,
    { from, to }: RecordedSpan,
    rules: ProcessRules,
  ) {
    this.#logs = logs
    this.#rules = rules
    this.#events = [...logs.values()]
      .flat()
      .filter(({ occurredAt }) => occurredAt > from && occurredAt <= to)
      .toSorted(compareEvents)
  }

  /**
   * Reads the orders of a period and passes on those that do not change within it.
   * @param endedSince orders that ended earlier are omitted, epoch ms.
   * @param reserve receives the number of events of the orders to keep, before any of them is read.
   */
  static async read(
    database: Database,
    site: string,
    {
      from,
      to,
      endedSince,
      reserve,
    }: RecordedSpan & { readonly endedSince: number; readonly reserve: (events: number) => void },
    rules: ProcessRules,
    take: (orders: readonly StoredOrder[]) => void,
  ): Promise<RecordedOrders> {
    const on = drizzleOn(database.longRunning)
    const { orderId, eventCount, firstAt, endedAt, lastEventAt } = orderRows
    const hasBegun = and(eq(orderRows.site, site), lte(firstAt, to))
    const moves = gte(lastEventAt, from)
    const [held] = await on
      .select({ events: sql`coalesce(sum(${eventCount}), 0)`.mapWith(Number) })
      .from(orderRows)
      .where(and(hasBegun, or(isNull(endedAt), gte(endedAt, endedSince), moves)))
    reserve(held?.events ?? 0)
    const moving = await on.select({ order: orderId }).from(orderRows).where(and(hasBegun, moves))
    const logs = new Map<string, readonly OrderEvent[]>()
    for (let i = 0; i < moving.length; i += ordersPerRead) {
      const orders = moving.slice(i, i + ordersPerRead).map(({ order }) => order)
      const read = await loadEvents(database.longRunning, site, orders)
      // Events that were retracted, even later, are omitted, because they are known today to be wrong.
      for (const [order, log] of read) logs.set(order, effectiveEvents(order, log).events)
    }
    await readAllOrders(database, site, { endedSince, firstBefore: from }, (page) =>
      take(page.filter(({ order }) => !logs.has(order))),
    )
    return new RecordedOrders(logs, { from, to }, rules)
  }

  /** The orders that change within the period, as they were before its first event. */
  *before(instant: number): Generator<StoredOrder> {
    for (const order of this.#logs.keys()) {
      const stored = this.#at(order, instant)
      if (stored !== undefined) yield stored
    }
  }

  /** The orders that changed since the last call, as they were at the instant. */
  until(instant: number): StoredOrder[] {
    const changed = new Set<string>()
    for (let event = this.#events[this.#next]; event !== undefined; event = this.#events[this.#next]) {
      if (event.occurredAt > instant) break
      changed.add(event.order)
      this.#next += 1
    }
    return [...changed].flatMap((order) => this.#at(order, instant) ?? [])
  }

  /** Undefined if the order did not exist yet. */
  #at(order: string, instant: number): StoredOrder | undefined {
    const log = this.#logs.get(order) ?? []
    const happened = log.filter(({ occurredAt }) => occurredAt <= instant)
    return happened.length === 0 ? undefined : foldAgain(order, happened, this.#rules)
  }
}
