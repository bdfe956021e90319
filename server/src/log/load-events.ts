import { epochMs } from '@stagewatch/db/database.ts'
import type { Queryable } from '@stagewatch/db/database.ts'
import type { EventData, EventType, OrderEvent } from '@stagewatch/shared/domain/order-event.ts'

interface EventRow {
  readonly source: string
  readonly id: string
  readonly type: EventType
  readonly order: string
  readonly stage: string | null
  readonly occurredAt: number
  readonly actor: string | null
  readonly sequence: number | null
  readonly data: EventData
}

const selectEvents = `
  select source, id, type, order_id as "order", stage, ${epochMs('occurred_at')} as "occurredAt", actor,
    sequence::float8 as sequence, data
  from unnest($2::text[]) as t(named) join events on site = $1 and order_id = t.named`

/** All events of the named orders, by order. */
export async function loadEvents(
  tx: Queryable,
  site: string,
  orders: readonly string[],
): Promise<Map<string, OrderEvent[]>> {
  const byOrder = new Map<string, OrderEvent[]>()
  if (orders.length === 0) return byOrder
  for (const row of await tx.query<EventRow>(selectEvents, [site, orders])) {
    const list = byOrder.get(row.order)
    if (list === undefined) byOrder.set(row.order, [orderEvent(row)])
    else list.push(orderEvent(row))
  }
  return byOrder
}

function orderEvent({ stage, actor, sequence, ...rest }: EventRow): OrderEvent {
  return {
    ...rest,
    occurredAt: Math.round(rest.occurredAt),
    ...(stage !== null && { stage }),
    ...(actor !== null && { actor }),
    ...(sequence !== null && { sequence }),
  }
}
