import type { EventType, OrderEvent } from '../order-event.ts'

/** One line of a told history: what happened, when, and what else is known of it. */
export type Told = readonly [type: EventType, occurredAt: number, rest?: Partial<OrderEvent>]

/** The events of order `SO-1` as told, with the identities `erp` / `e1`, `e2`, … */
export function eventLog<const History extends readonly Told[]>(...history: History): EventsOf<History> {
  return history.map(toEvent) as EventsOf<History> // mapping keeps the length
}

type EventsOf<History extends readonly Told[]> = { -readonly [line in keyof History]: OrderEvent }

function toEvent([type, occurredAt, rest]: Told, index: number): OrderEvent {
  return { source: 'erp', id: `e${index + 1}`, type, order: 'SO-1', occurredAt, data: {}, ...rest }
}
