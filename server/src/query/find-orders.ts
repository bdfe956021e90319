import type { OrdersQuery } from '@stagewatch/shared/contract/orders.ts'
import type { OrderSummary } from '@stagewatch/shared/contract/order-summary.ts'
import type { Audience } from '@stagewatch/shared/domain/access/audience.ts'
import type { EngineOrder } from '../engine/engine-order.ts'
import type { LiveEngine } from '../engine/live-engine.ts'
import { inSlices } from '../platform/in-slices.ts'
import { sortInSteps } from '../platform/sort-in-steps.ts'
import type { OrderCursor } from './order-cursor.ts'
import { listOrder } from './order-sort.ts'
import type { ListOrder, SortKey } from './order-sort.ts'
import { summarize } from './order-summary.ts'
import { viewOfSummary } from './private-order.ts'
import type { OrderChoice } from './match-order.ts'
import { scanOrders } from './scan-orders.ts'
import type { FoundOrder } from './scan-orders.ts'
import { representativeVisit } from './representative-visit.ts'

/** A page of a list. */
export interface OrderPage {
  readonly orders: readonly OrderSummary[]
  /** Number of orders on all pages. */
  readonly total: number
  /** Sort key of the last order, if there are more after it. */
  readonly last: SortKey | undefined
}

/** The matching orders in memory: the first ones, or those after the cursor. */
export async function findOrders(
  engine: LiveEngine,
  query: OrdersQuery,
  now: number,
  audience: Audience,
  after?: OrderCursor,
): Promise<OrderPage> {
  const page = new FirstOrders(
    query.limit,
    listOrder(query, audience, engine.departmentTexts),
    after,
    after?.asOf ?? now,
  )
  await inSlices(scanOrders(engine, query, { privacy: audience.privacy, now }, (found) => page.offer(found)))
  const orders = page.orders.map(({ counted }) =>
    viewOfSummary(
      summarize(counted, representativeVisit(engine, engine.open.get(counted.openSlot), query.department, now), now),
      audience,
    ),
  )
  return { orders, total: page.total, last: page.hasMore ? page.orders.at(-1) : undefined }
}

/** The numbers of all matching orders in memory, in sort order. */
export async function findAllOrders(
  engine: LiveEngine,
  query: OrderChoice,
  order: ListOrder,
  now: number,
  { privacy }: Audience,
): Promise<readonly string[]> {
  function* all(): Generator<void, readonly string[]> {
    const found: SortKey[] = []
    yield* scanOrders(engine, query, { privacy, now }, (each) => {
      found.push({ order: each.counted.head.order, value: order.valueOf(each, now) })
    })
    const sorted = yield* sortInSteps(found, order.compare)
    return sorted.map((each) => each.order)
  }
  return inSlices(all())
}

/** Counts the offered orders, and keeps the first ones after a position in the list. */
class FirstOrders {
  total = 0
  readonly #limit: number
  readonly #order: ListOrder
  readonly #after: SortKey | undefined
  readonly #asOf: number
  /** In sort order; one more than the page shows that there is another page. */
  readonly #kept: (SortKey & { readonly counted: EngineOrder })[] = []

  constructor(limit: number, order: ListOrder, after: SortKey | undefined, asOf: number) {
    this.#limit = limit
    this.#order = order
    this.#after = after
    this.#asOf = asOf
  }

  get orders() {
    return this.#kept.slice(0, this.#limit)
  }

  get hasMore(): boolean {
    return this.#kept.length > this.#limit
  }

  offer(found: FoundOrder): void {
    this.total += 1
    const { compare, compareValues } = this.#order
    const value = this.#order.valueOf(found, this.#asOf)
    const last = this.#kept.length > this.#limit ? this.#kept.at(-1) : undefined
    // Most orders are skipped by their value, without reading their name.
    if (last !== undefined && compareValues(value, last.value) > 0) return
    if (this.#after !== undefined && compareValues(value, this.#after.value) < 0) return
    const item = { counted: found.counted, order: found.counted.head.order, value }
    if (this.#after !== undefined && compare(item, this.#after) <= 0) return
    if (last !== undefined && compare(item, last) > 0) return
    let low = 0
    let high = this.#kept.length
    while (low < high) {
      const middle = (low + high) >>> 1
      const other = this.#kept[middle]
      if (other !== undefined && compare(other, item) < 0) low = middle + 1
      else high = middle
    }
    this.#kept.splice(low, 0, item)
    if (this.#kept.length > this.#limit + 1) this.#kept.pop()
  }
}
