import { eventIdentity } from '@stagewatch/shared/domain/event-order.ts'
import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import type { LockedOrder } from '../projection/lock-orders.ts'
import type { Rejection } from './parse/validation.ts'

/** A late event costs reading and folding all of them, and counting all of their visits holds the event loop 40 ms. */
export const maxOrderEvents = 25_000

const orderFull: Rejection = {
  code: 'order_full',
  field: 'order',
  message: `the order has ${maxOrderEvents} events already: does its number stand for many orders?`,
}

/**
 * Of events that were just added to the log those whose order has as many as it may have, by identity.
 * @param saved the rows of their orders.
 */
export function surplusEvents(
  added: readonly OrderEvent[],
  saved: ReadonlyMap<string, LockedOrder>,
): ReadonlyMap<string, Rejection> {
  const surplus = new Map<string, Rejection>()
  const counts = new Map<string, number>()
  for (const { order, source, id } of added) {
    const count = (counts.get(order) ?? saved.get(order)?.eventCount ?? 0) + 1
    if (count > maxOrderEvents) surplus.set(eventIdentity(source, id), orderFull)
    else counts.set(order, count)
  }
  return surplus
}
