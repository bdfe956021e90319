import { eventIdentity } from '@stagewatch/shared/domain/event-order.ts'
import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import type { ValidatedItem } from '../batch-results.ts'
import type { ValidatedRequest } from './commit-events.ts'
import { OccurrenceCounter } from '../files/occurrence-counter.ts'
import { maxOrderEvents } from './order-limit.ts'

export type AdmittedItem = ValidatedItem & { readonly ok: true }

/** An item and its index among all items of the commit. */
export interface PlacedItem {
  readonly place: number
  readonly item: AdmittedItem
}

/** Imported events of one order that nothing else in the commit concerns. */
export interface BulkOrder {
  readonly order: string
  /** One event per identity, in the order of arrival. */
  readonly events: readonly OrderEvent[]
  /** The items of `events`. */
  readonly items: readonly PlacedItem[]
  /** Items that repeat one of `items` with the same content. */
  readonly duplicates: readonly PlacedItem[]
}

interface Draft {
  readonly order: string
  readonly events: OrderEvent[]
  readonly items: PlacedItem[]
  readonly duplicates: PlacedItem[]
}

/**
 * Orders of a commit, in order of arrival, that only have events of imports. Excluded are orders with an identity that
 * also occurs with other content, even in another order, and orders with more events than allowed: their events are
 * validated one by one.
 */
export function bulkOrders(judged: readonly ValidatedRequest[]): BulkOrder[] {
  const orders = new Map<string, Draft>()
  const first = hasRepeatedIds(judged) ? new Map<string, AdmittedItem>() : undefined
  const excluded = new Set<string>()
  let place = -1
  for (const { importId, items } of judged) {
    for (const item of items) {
      place += 1
      if (!item.ok) continue
      const { event, contentHash } = item
      const { order } = event
      const draft = orders.get(order) ?? { order, events: [], items: [], duplicates: [] }
      if (draft.items.length === 0) orders.set(order, draft)
      const before = first?.get(eventIdentity(event.source, event.id))
      if (before === undefined) {
        first?.set(eventIdentity(event.source, event.id), item)
        draft.events.push(event)
        draft.items.push({ place, item })
      } else if (before.contentHash === contentHash) {
        draft.duplicates.push({ place, item })
      } else {
        excluded.add(before.event.order).add(order)
      }
      if (importId === undefined || item.quarantineId !== undefined) excluded.add(order)
    }
  }
  return [...orders.values()].filter(({ order, events }) => !excluded.has(order) && events.length <= maxOrderEvents)
}

/** Whether an id occurs twice, or may occur twice. Usually none does, so a map of all ids is not needed. */
function hasRepeatedIds(judged: readonly ValidatedRequest[]): boolean {
  const ids = new OccurrenceCounter()
  return judged.some(({ items }) => items.some((item) => item.ok && ids.addText(item.event.id) > 1))
}
