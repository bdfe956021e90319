import { eventIdentity } from '@stagewatch/shared/domain/event-order.ts'
import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import type { LockedOrder } from '../../projection/lock-orders.ts'
import { conflict } from '../batch-results.ts'
import type { ArchivedOutcome, EventOutcome, ValidatedItem } from '../batch-results.ts'
import type { Rejection } from '../parse/validation.ts'

const orderArchived: Rejection = {
  code: 'order_archived',
  field: 'order',
  message:
    'the events of this order are archived: restore it with "stagewatch archive restore", after which this event is accepted by itself',
}

/**
 * The outcome of events that the log has accepted, although they are archived or belong to an order whose events are:
 * without the archived ones, the order would be folded wrongly.
 * @param archived content hashes of archived events, by identity.
 * @param saved rows of their orders.
 */
export function archivedOutcomes(
  outcomes: readonly (readonly EventOutcome[])[],
  judged: readonly (readonly ValidatedItem[])[],
  archived: ReadonlyMap<string, string>,
  saved: ReadonlyMap<string, LockedOrder>,
): ReadonlyMap<string, ArchivedOutcome> {
  const found = new Map<string, ArchivedOutcome>()
  for (const [i, items] of outcomes.entries()) {
    for (const [j, item] of items.entries()) {
      const sent = judged[i]?.[j]
      if (item.status !== 'accepted' || sent?.ok !== true) continue
      const identity = eventIdentity(item.event.source, item.event.id)
      const known = archived.get(identity)
      const isArchivedOrder = isArchived(item.event, saved)
      if (known === sent.contentHash) found.set(identity, { status: 'duplicate' })
      else if (known !== undefined) {
        // An import may contain an event with other facts; which ones the archived event has is not compared.
        const isRestated = sent.imported === true && isArchivedOrder
        found.set(identity, isRestated ? { status: 'duplicate', restated: true } : { rejection: conflict })
      } else if (isArchivedOrder) found.set(identity, { rejection: orderArchived })
    }
  }
  return found
}

function isArchived({ order }: OrderEvent, saved: ReadonlyMap<string, LockedOrder>): boolean {
  const archiveId = saved.get(order)?.archiveId
  return archiveId !== undefined && archiveId !== null
}
