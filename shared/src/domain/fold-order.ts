import { effectiveEvents } from './effective-events.ts'
import { evolveOrder } from './evolve-order.ts'
import type { FoldRules, FoldState } from './fold-state.ts'
import type { OrderEvent } from './order-event.ts'

/**
 * What all events of an order say of it, in whatever order and however often they arrived; events of other orders
 * are passed over. Undefined: no event counts, because there is none or all were taken back. Such an order has to be
 * folded again when an event arrives, because a void may be waiting for it.
 */
export function foldOrder(order: string, log: readonly OrderEvent[], rules: FoldRules): FoldState | undefined {
  const { events, voidedAhead } = effectiveEvents(order, log)
  let state: FoldState | undefined
  for (const event of events) state = evolveOrder(state, event, rules)
  return state === undefined || voidedAhead.length === 0 ? state : { ...state, voidedAhead }
}
