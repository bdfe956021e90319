import { hash } from 'node:crypto'
import { eventIdentity } from '@stagewatch/shared/domain/event-order.ts'
import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'

/** The source of events that the server adds itself; senders must not use it. */
export const ownSource = 'stagewatch:admission'
const reason = 'unknown_stage'

/**
 * Creates the event that withdraws an event, or restores it, because its order turned out to belong to a process
 * without, or with, the event's stage. The log stays append-only: each of these events voids the previous one.
 * @param before result of `withdrawalCounts` for the order so far.
 */
export function withdrawalOf(event: OrderEvent, before: ReadonlyMap<string, number>): OrderEvent {
  const name = `${reason}:${hash('sha256', eventIdentity(event.source, event.id), 'hex').slice(0, 32)}`
  const earlier = before.get(name) ?? 0
  const target = earlier === 0 ? event : { source: ownSource, id: `${name}:${earlier - 1}` }
  return {
    source: ownSource,
    id: `${name}:${earlier}`,
    type: 'event.voided',
    order: event.order,
    occurredAt: event.occurredAt,
    // At the same instant, the later one takes precedence.
    sequence: earlier,
    data: { source: target.source, id: target.id, reason },
  }
}

/** Number of times each event was withdrawn or restored, by the id prefix of its withdrawals. */
export function withdrawalCounts(withdrawals: readonly OrderEvent[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const { id } of withdrawals) {
    const name = id.slice(0, id.lastIndexOf(':'))
    counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  return counts
}

export function isWithdrawal({ type, source, data }: OrderEvent): boolean {
  return type === 'event.voided' && source === ownSource && data['reason'] === reason
}
