import { setImmediate } from 'node:timers/promises'
import { epochMs } from '@stagewatch/db/database.ts'
import type { Queryable } from '@stagewatch/db/database.ts'
import { events as log } from '@stagewatch/db/schema.ts'
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

/** The columns of an `EventRow`, for typed queries. */
export const eventColumns = {
  source: log.source,
  id: log.id,
  type: log.type,
  order: log.orderId,
  stage: log.stage,
  occurredAt: log.occurredAt,
  actor: log.actor,
  sequence: log.sequence,
  data: log.data,
}

const selectEvents = `
  select source, id, type, order_id as "order", stage, ${epochMs('occurred_at')} as "occurredAt", actor,
    sequence::float8 as sequence, data
  from unnest($2::text[]) as t(named) join events on site = $1 and order_id = t.named`

/** All events of the given orders, by order. */
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

/** Rows read at once: the embedded database runs on the main thread and takes at least 10 µs per row. */
const rowsPerRead = 500

/**
 * The events of orders, several orders at a time and long orders separately, yielding to other work in between.
 * @param counts approximate number of events of each order.
 */
export async function* loadLogs(
  tx: Queryable,
  site: string,
  counts: Iterable<readonly [order: string, events: number]>,
): AsyncGenerator<ReadonlyMap<string, readonly OrderEvent[]>> {
  let orders: string[] = []
  let rows = 0
  for (const [order, events] of counts) {
    if (events > rowsPerRead) {
      yield new Map([[order, await loadLongLog(tx, site, order)]])
      continue
    }
    if (orders.length > 0 && rows + events > rowsPerRead) {
      yield await loadEvents(tx, site, orders)
      await setImmediate()
      orders = []
      rows = 0
    }
    orders.push(order)
    rows += events
  }
  if (orders.length > 0) yield await loadEvents(tx, site, orders)
}

const openLog = `
  declare order_log no scroll cursor for
  select source, id, type, order_id as "order", stage, ${epochMs('occurred_at')} as "occurredAt", actor,
    sequence::float8 as sequence, data
  from events where site = $1 and order_id = $2`

/** All events of one order, read in pages; only within a transaction. */
async function loadLongLog(tx: Queryable, site: string, order: string): Promise<OrderEvent[]> {
  const events: OrderEvent[] = []
  await tx.query(openLog, [site, order])
  for (;;) {
    const rows = await tx.query<EventRow>(`fetch ${rowsPerRead} from order_log`)
    for (const row of rows) events.push(orderEvent(row))
    if (rows.length < rowsPerRead) break
    await setImmediate()
  }
  await tx.query('close order_log')
  return events
}

export function orderEvent({ stage, actor, sequence, ...rest }: EventRow): OrderEvent {
  return {
    ...rest,
    occurredAt: Math.round(rest.occurredAt),
    ...(stage !== null && { stage }),
    ...(actor !== null && { actor }),
    ...(sequence !== null && { sequence }),
  }
}

/** Position of the newest event of all sites, which may be archived; 0 if there is none. */
export async function loadPosition(db: Queryable): Promise<bigint> {
  const [row] = await db.query<{ position: string }>(
    `select greatest(
       (select position from events order by events.tx desc, events.position desc limit 1),
       (select max(last_position) from archives))::text as position`,
  )
  return BigInt(row?.position ?? '0')
}

/** The later of two log positions. */
export function laterPosition(a: bigint, b: bigint): bigint {
  return a > b ? a : b
}
