import type { EventType, OrderEvent } from '../order-event.ts'

/** One entry of a history: type and time of an event, and optionally its other fields. */
export type HistoryEntry = readonly [type: EventType, occurredAt: number, rest?: Partial<OrderEvent>]

/** The events of order `SO-1` for a history, with the identities `erp` / `e1`, `e2`, … */
export function eventLog<const History extends readonly HistoryEntry[]>(...history: History): EventsOf<History> {
  return history.map(toEvent) as EventsOf<History> // Mapping keeps the length.
}

type EventsOf<History extends readonly HistoryEntry[]> = { -readonly [line in keyof History]: OrderEvent }

function toEvent([type, occurredAt, rest]: HistoryEntry, index: number): OrderEvent {
  return { source: 'erp', id: `e${index + 1}`, type, order: 'SO-1', occurredAt, data: {}, ...rest }
}
