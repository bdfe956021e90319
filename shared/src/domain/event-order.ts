import type { OrderEvent } from './order-event.ts'

/** The fields of an event that define its position among the events of its order. */
export type EventKey = Pick<OrderEvent, 'occurredAt' | 'sequence' | 'source' | 'id'>

/**
 * The total order in which the events of one order apply, independent of the order of arrival: by instant, then by the
 * source's own sequence (events without one come last), then by source and id compared by UTF-16 code unit.
 */
export function compareEvents(a: EventKey, b: EventKey): number {
  return (
    a.occurredAt - b.occurredAt ||
    compareSequence(a.sequence, b.sequence) ||
    compareText(a.source, b.source) ||
    compareText(a.id, b.id)
  )
}

export function eventKey(event: OrderEvent): EventKey {
  const { occurredAt, sequence, source, id } = event
  return sequence === undefined ? { occurredAt, source, id } : { occurredAt, sequence, source, id }
}

/**
 * One text for `(source, id)`. Identifiers contain no control characters, so the line break is an unambiguous
 * separator.
 */
export function eventIdentity(source: string, id: string): string {
  return `${source}\n${id}`
}

function compareSequence(a: number | undefined, b: number | undefined): number {
  if (a === b) return 0
  return (a ?? Number.POSITIVE_INFINITY) < (b ?? Number.POSITIVE_INFINITY) ? -1 : 1
}

function compareText(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
