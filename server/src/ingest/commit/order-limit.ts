import { eventIdentity } from '@stagewatch/shared/domain/event-order.ts'
import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import type { LockedOrder } from '../../projection/lock-orders.ts'
import type { Rejection } from '../parse/validation.ts'

/**
 * A late event requires reading and folding all events of its order, in short steps, and rewriting the later visits:
 * with this many events that takes a few seconds, during which the site's other events wait.
 */
export const maxOrderEvents = 200_000

/** Including events that void others, for example when an import is undone, and that restore them. */
const maxWithVoids = 3 * maxOrderEvents

const orderFull: Rejection = {
  code: 'order_full',
  field: 'order',
  message: `the order has ${maxOrderEvents} events already: if its number stands for many orders (ADJ-000, NULL), send each under a number of its own`,
}

/**
 * Among events just added to the log, those that exceed the limit of their order, by identity.
 * @param saved rows of their orders.
 */
export function surplusEvents(
  added: readonly OrderEvent[],
  saved: ReadonlyMap<string, LockedOrder>,
): ReadonlyMap<string, Rejection> {
  const surplus = new Map<string, Rejection>()
  const counts = new Map<string, number>()
  for (const { order, source, id, type } of added) {
    const count = (counts.get(order) ?? saved.get(order)?.eventCount ?? 0) + 1
    if (count > (type === 'event.voided' ? maxWithVoids : maxOrderEvents))
      surplus.set(eventIdentity(source, id), orderFull)
    else counts.set(order, count)
  }
  return surplus
}
