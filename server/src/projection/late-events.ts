import { compareEvents, eventIdentity } from '@stagewatch/shared/domain/event-order.ts'
import type { FoldState } from '@stagewatch/shared/domain/fold-state.ts'
import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'

/** The events of an order without those that were just appended. */
export function logBefore(log: readonly OrderEvent[], added: readonly OrderEvent[]): OrderEvent[] {
  const fresh = new Set(added.map(identityOf))
  return log.filter((event) => !fresh.has(identityOf(event)))
}

/**
 * The appended events that precede other counted events, or retract one.
 * @param before the order without them; undefined if none of its events counted.
 */
export function lateEvents(before: Pick<FoldState, 'last'> | undefined, added: readonly OrderEvent[]): OrderEvent[] {
  return added.filter(
    (event) => event.type === 'event.voided' || (before !== undefined && compareEvents(event, before.last) < 0),
  )
}

function identityOf(event: OrderEvent): string {
  return eventIdentity(event.source, event.id)
}
