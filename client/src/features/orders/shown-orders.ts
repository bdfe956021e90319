import type { OrdersAnswer } from '@stagewatch/shared/contract/orders.ts'
import type { OrderSummary } from '@stagewatch/shared/contract/order-summary.ts'

/** A row of the list. */
export interface ShownOrder {
  readonly order: OrderSummary
  /** The order no longer matches the search; its row stays until the user reloads the list. */
  readonly isGone: boolean
}

type Live = Pick<OrdersAnswer, 'orders' | 'cursor'>

/** The orders of the pages of a list. An order that moved while they were loaded is on two of them. */
export function distinctOrders(pages: readonly Pick<OrdersAnswer, 'orders'>[]): OrderSummary[] {
  const distinct = new Map<string, OrderSummary>()
  for (const { orders } of pages) for (const order of orders) distinct.set(order.order, order)
  return [...distinct.values()]
}

/** The rows in the order in which they were loaded, with their current values. */
export function shownOrders(loaded: readonly OrderSummary[], live: Live | undefined): ShownOrder[] {
  const current = new Map(live?.orders.map((order) => [order.order, order]))
  // If the list is longer than the live part, a missing order may have moved beyond that part.
  const isComplete = live !== undefined && live.cursor === undefined
  return loaded.map((order) => {
    const now = current.get(order.order)
    return { order: now ?? order, isGone: isComplete && now === undefined }
  })
}

/** Number of rows that a reload would add, remove or move, within the part that is updated live. */
export function pendingUpdates(loaded: readonly OrderSummary[], live: Live | undefined): number {
  if (live === undefined) return 0
  const window = live.cursor === undefined ? loaded : loaded.slice(0, live.orders.length)
  const placeOf = new Map(window.map(({ order }, place) => [order, place]))
  const kept = live.orders.flatMap(({ order }) => placeOf.get(order) ?? [])
  const added = live.orders.length - kept.length
  const removed = window.length - kept.length
  const moved = kept.length - longestAscent(kept)
  // Each added row pushes another one out of the live part.
  return moved + (live.cursor === undefined ? added + removed : Math.max(added, removed))
}

/** Length of the longest ascending subsequence, which is the number of rows whose relative order is unchanged. */
function longestAscent(places: readonly number[]): number {
  /** By length: the smallest value at which an ascending subsequence of that length ends. */
  const ends: number[] = []
  for (const place of places) {
    const at = ends.findIndex((end) => end >= place)
    ends[at === -1 ? ends.length : at] = place
  }
  return ends.length
}
