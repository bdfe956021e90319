import { epochMs } from '@stagewatch/db/database.ts'
import type { Queryable } from '@stagewatch/db/database.ts'
import type { LoggedEvent } from '@stagewatch/shared/contract/orders.ts'
import { voidedIdentities } from '@stagewatch/shared/domain/effective-events.ts'
import { compareEvents, eventIdentity } from '@stagewatch/shared/domain/event-order.ts'
import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import { loadEvents } from '../log/load-events.ts'

interface RecordedRow {
  readonly source: string
  readonly id: string
  readonly recordedAt: number
}

/** The events of an order in the order in which they apply, those that were taken back included. */
export async function loadOrderEvents(db: Queryable, site: string, order: string): Promise<LoggedEvent[]> {
  const logs = await loadEvents(db, site, [order])
  const events = (logs.get(order) ?? []).toSorted(compareEvents)
  const recordedAt = await loadRecordedAt(db, site, order)
  const voided = voidedIdentities(events.filter((event) => event.type === 'event.voided'))
  return events.map(({ order: _, ...event }): LoggedEvent => ({
    ...event,
    recordedAt: recordedAt.get(identityOf(event)) ?? event.occurredAt,
    voided: voided.has(identityOf(event)),
  }))
}

async function loadRecordedAt(db: Queryable, site: string, order: string): Promise<ReadonlyMap<string, number>> {
  const rows = await db.query<RecordedRow>(
    `select source, id, ${epochMs('recorded_at')} as "recordedAt" from events where site = $1 and order_id = $2`,
    [site, order],
  )
  return new Map(rows.map((row) => [identityOf(row), Math.round(row.recordedAt)]))
}

function identityOf({ source, id }: Pick<OrderEvent, 'source' | 'id'>): string {
  return eventIdentity(source, id)
}
