import { eventIdentity } from '@stagewatch/shared/domain/event-order.ts'
import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import type { ValidatedItem } from './batch-results.ts'
import type { ValidatedRequest } from './commit-events.ts'
import { maxOrderEvents } from './order-limit.ts'

export type AdmittedItem = ValidatedItem & { readonly ok: true }

/** What imports say of one order; nothing else in the commit concerns it. */
export interface BulkOrder {
  readonly order: string
  /** Each identity once, in the order of arrival. */
  readonly events: readonly OrderEvent[]
  /** The items of `events`. */
  readonly items: readonly AdmittedItem[]
  /** Items that say the same once more. */
  readonly duplicates: readonly AdmittedItem[]
}

type Draft = { -readonly [Key in 'order']: string } & {
  readonly events: OrderEvent[]
  readonly items: AdmittedItem[]
  readonly duplicates: AdmittedItem[]
}

/**
 * The orders of a commit, as they come, of which nothing is said but events of imports. Left out are orders with an identity
 * that comes with other content as well, be it of another order, and with more events than an order may have: there each
 * event is judged by itself.
 */
export function bulkOrders(judged: readonly ValidatedRequest[]): BulkOrder[] {
  const orders = new Map<string, Draft>()
  const first = new Map<string, AdmittedItem>()
  const excluded = new Set<string>()
  // Nearly always there is one source, and then its ids are identities: they hold no line break.
  const onlySource = judged[0]?.items[0]?.event?.source
  for (const { importId, items } of judged) {
    for (const item of items) {
      if (!item.ok) continue
      const { event, contentHash } = item
      const { order } = event
      const draft = orders.get(order) ?? { order, events: [], items: [], duplicates: [] }
      if (draft.items.length === 0) orders.set(order, draft)
      const identity = event.source === onlySource ? event.id : eventIdentity(event.source, event.id)
      const before = first.get(identity)
      if (before === undefined) {
        first.set(identity, item)
        draft.events.push(event)
        draft.items.push(item)
      } else if (before.contentHash === contentHash) {
        draft.duplicates.push(item)
      } else {
        excluded.add(before.event.order).add(order)
      }
      if (importId === undefined || item.quarantineId !== undefined) excluded.add(order)
    }
  }
  return [...orders.values()].filter(({ order, events }) => !excluded.has(order) && events.length <= maxOrderEvents)
}
