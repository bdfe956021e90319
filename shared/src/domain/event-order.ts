import type { OrderEvent } from './order-event.ts'

/**
 * The total order in which the events of one order apply, whatever order they arrived in: by instant, then by the
 * source's own sequence (none comes last), then by source and id compared by UTF-16 code unit.
 */
export function compareEvents(a: OrderEvent, b: OrderEvent): number {
  return (
    a.occurredAt - b.occurredAt ||
    compareSequence(a.sequence, b.sequence) ||
    compareText(a.source, b.source) ||
    compareText(a.id, b.id)
  )
}

function compareSequence(a: number | undefined, b: number | undefined): number {
  if (a === b) return 0
  return (a ?? Number.POSITIVE_INFINITY) < (b ?? Number.POSITIVE_INFINITY) ? -1 : 1
}

function compareText(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
