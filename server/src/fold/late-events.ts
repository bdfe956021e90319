import { compareEvents, eventIdentity } from '@stagewatch/shared/domain/event-order.ts'
import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'

/** The events of an order without those that were just added. */
export function logBefore(log: readonly OrderEvent[], added: readonly OrderEvent[]): OrderEvent[] {
  const fresh = new Set(added.map(identityOf))
  return log.filter((event) => !fresh.has(identityOf(event)))
}

/** Which of the added events come before others that the order had, or take one back. */
export function lateEvents(before: readonly OrderEvent[], added: readonly OrderEvent[]): OrderEvent[] {
  const last = before.toSorted(compareEvents).at(-1)
  if (last === undefined) return []
  return added.filter((event) => event.type === 'event.voided' || compareEvents(event, last) < 0)
}

function identityOf(event: OrderEvent): string {
  return eventIdentity(event.source, event.id)
}
