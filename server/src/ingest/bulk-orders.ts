import { eventIdentity } from '@stagewatch/shared/domain/event-order.ts'
import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import type { ValidatedItem } from './batch-results.ts'
import type { ValidatedRequest } from './commit-events.ts'
import { maxOrderEvents } from './order-limit.ts'

export type AdmittedItem = ValidatedItem & { readonly ok: true }

/** An item, and its place among all items of the commit. */
export interface PlacedItem {
  readonly place: number
  readonly item: AdmittedItem
}

/** What imports say of one order; nothing else in the commit concerns it. */
export interface BulkOrder {
  readonly order: string
  /** Each identity once, in the order of arrival. */
  readonly events: readonly OrderEvent[]
  /** The items of `events`. */
  readonly items: readonly PlacedItem[]
  /** Items that say the same once more. */
  readonly duplicates: readonly PlacedItem[]
}

interface Draft {
  readonly order: string
  readonly events: OrderEvent[]
  readonly items: PlacedItem[]
  readonly duplicates: PlacedItem[]
  /** Of longer orders the items by identity, because comparing each with each would cost the square of their number. */
  known: Map<string, AdmittedItem> | undefined
}

const longOrder = 16

/**
 * The orders of a commit, as they come, of which nothing is said but events of imports. Left out are orders with an
 * identity that comes with other content as well, and with more events than an order may have: there each event is
 * judged by itself. An identity in two orders is for the database to find.
 */
export function bulkOrders(judged: readonly ValidatedRequest[]): BulkOrder[] {
  const orders = new Map<string, Draft>()
  const excluded = new Set<string>()
  let place = -1
  for (const { importId, items } of judged) {
    for (const item of items) {
      place += 1
      if (!item.ok) continue
      const { order } = item.event
      let draft = orders.get(order)
      if (draft === undefined) {
        draft = { order, events: [], items: [], duplicates: [], known: undefined }
        orders.set(order, draft)
      }
      const before = knownOf(draft, item.event)
      if (before === undefined) {
        draft.events.push(item.event)
        draft.items.push({ place, item })
        draft.known?.set(identityOf(item.event), item)
      } else if (before.contentHash === item.contentHash) {
        draft.duplicates.push({ place, item })
      } else {
        excluded.add(order)
      }
      if (importId === undefined || item.quarantineId !== undefined) excluded.add(order)
    }
  }
  return [...orders.values()].filter(({ order, events }) => !excluded.has(order) && events.length <= maxOrderEvents)
}

/** The item that has brought the identity. */
function knownOf(draft: Draft, { source, id }: OrderEvent): AdmittedItem | undefined {
  const { items } = draft
  if (items.length <= longOrder)
    return items.find(({ item }) => item.event.id === id && item.event.source === source)?.item
  draft.known ??= new Map(items.map(({ item }) => [identityOf(item.event), item]))
  return draft.known.get(eventIdentity(source, id))
}

function identityOf({ source, id }: OrderEvent): string {
  return eventIdentity(source, id)
}
