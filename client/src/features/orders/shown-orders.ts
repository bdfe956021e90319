import type { OrdersAnswer, OrderSummary } from '@stagewatch/shared/contract/orders.ts'

/** A row of the list. */
export interface ShownOrder {
  readonly order: OrderSummary
  /** The order does not answer the question any more; its row stays until somebody asks for the list anew. */
  readonly isGone: boolean
}

type Live = Pick<OrdersAnswer, 'orders' | 'cursor'>

/** The rows as they were loaded, in their order, with what is known of them now. */
export function shownOrders(loaded: readonly OrderSummary[], live: Live | undefined): ShownOrder[] {
  const current = new Map(live?.orders.map((order) => [order.order, order]))
  // Where more orders follow than are told, one that is missing may have moved behind those.
  const isComplete = live !== undefined && live.cursor === undefined
  const rows = new Map<string, ShownOrder>()
  for (const order of loaded) {
    const now = current.get(order.order)
    rows.set(order.order, { order: now ?? order, isGone: isComplete && now === undefined })
  }
  return [...rows.values()]
}

/** How many rows would come, go or move if the list were asked for anew, as far as that is told live. */
export function pendingUpdates(loaded: readonly OrderSummary[], live: Live | undefined): number {
  if (live === undefined) return 0
  const shown = loaded.map(({ order }) => order)
  const window = live.cursor === undefined ? shown : shown.slice(0, live.orders.length)
  const placeOf = new Map(window.map((order, place) => [order, place]))
  const kept = live.orders.flatMap(({ order }) => placeOf.get(order) ?? [])
  const added = live.orders.length - kept.length
  const removed = window.length - kept.length
  const moved = kept.length - longestAscent(kept)
  // Behind a row that comes, another one leaves what is told.
  return moved + (live.cursor === undefined ? added + removed : Math.max(added, removed))
}

/** Length of the longest ascending subsequence: so many rows are in order among themselves. */
function longestAscent(places: readonly number[]): number {
  /** By length: the least place that an ascent of that length ends with. */
  const ends: number[] = []
  for (const place of places) {
    const at = ends.findIndex((end) => end >= place)
    ends[at === -1 ? ends.length : at] = place
  }
  return ends.length
}
