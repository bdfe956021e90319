import type { Database } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { events as log, orders } from '@stagewatch/db/schema.ts'
import { anyOf } from '@stagewatch/db/sql-expressions.ts'
import { voidedIdentities } from '@stagewatch/shared/domain/effective-events.ts'
import { compareEvents } from '@stagewatch/shared/domain/event-order.ts'
import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import { alias } from 'drizzle-orm/pg-core'
import { and, eq, exists, gte, lt, ne, or, sql } from 'drizzle-orm'
import type { SQL } from 'drizzle-orm'
import { eventColumns, orderEvent } from '../log/load-events.ts'

/** The events of a site that are exported. */
export interface EventChoice {
  readonly site: string
  /** Only what happened from this instant on, epoch ms. */
  readonly from?: number | undefined
  /** Only what happened before this instant, epoch ms. */
  readonly to?: number | undefined
  /** Only orders of this process. */
  readonly process?: string | undefined
}

/** How far the log has been read: share of its positions, 0..1. */
export interface LogSlice {
  readonly events: readonly OrderEvent[]
  readonly ratio: number
}

/** Events of all sites that are passed at once; each may have 16 KB of data. */
const slice = 1_000

interface LogPlace {
  readonly tx: string
  readonly position: bigint
}

/**
 * The events in the order of the log, as it was when the first slice was read: an event that is stored later, or whose
 * transaction ends later, is not included. No transaction is open between two slices, so the server and other readers
 * of the log do not wait for a slow receiver.
 */
export async function* readLog(database: Database, choice: EventChoice): AsyncGenerator<LogSlice> {
  const on = drizzleOn(database.longRunning)
  const [begin] = await on.execute<{ snapshot: string; end: string }>(
    sql`select pg_current_snapshot()::text as snapshot,
      coalesce((select position from ${log} order by tx desc, position desc limit 1), 0)::text as "end"`,
  )
  if (begin === undefined) return
  const end = Math.max(1, Number(begin.end))
  const isIncluded = sql`pg_visible_in_snapshot(${log.tx}, ${begin.snapshot}::pg_snapshot)`
  let from: LogPlace = { tx: '0', position: -1n }
  for (;;) {
    const [last] = await on
      .select({ tx: log.tx, position: log.position })
      .from(log)
      .where(and(isAfter(from), isIncluded))
      .orderBy(log.tx, log.position)
      .offset(slice - 1)
      .limit(1)
    const rows = await on
      .select(eventColumns)
      .from(log)
      .where(and(isAfter(from), last && isUpTo(last), isIncluded, isChosen(database, choice)))
      .orderBy(log.tx, log.position)
    yield { events: rows.map(orderEvent), ratio: last === undefined ? 1 : Math.min(1, Number(last.position) / end) }
    if (last === undefined) return
    from = last
  }
}

function isAfter({ tx, position }: LogPlace): SQL {
  return sql`(${log.tx}, ${log.position}) > (${tx}::xid8, ${position}::bigint)`
}

function isUpTo({ tx, position }: LogPlace): SQL {
  return sql`(${log.tx}, ${log.position}) <= (${tx}::xid8, ${position}::bigint)`
}

function isChosen(database: Database, { site, from, to, process }: EventChoice): SQL | undefined {
  return and(
    eq(log.site, site),
    isInPeriod(database, from, to),
    process === undefined
      ? undefined
      : sql`exists (select from ${orders} as o
          where o.site = ${log}.site and o.order_id = ${log}.order_id and o.process = ${process})`,
  )
}

/**
 * An event that takes back another one may be later than the period, so those of all orders that have an event in the
 * period are included: without them, what was taken back would count.
 */
function isInPeriod(database: Database, from: number | undefined, to: number | undefined): SQL | undefined {
  if (from === undefined && to === undefined) return undefined
  const other = alias(log, 'other')
  const isInside = (table: typeof log | typeof other) =>
    and(
      from === undefined ? undefined : gte(table.occurredAt, from),
      to === undefined ? undefined : lt(table.occurredAt, to),
      ne(table.type, 'event.voided'),
    )
  const ofOrder = drizzleOn(database)
    .select({ id: other.id })
    .from(other)
    .where(and(eq(other.site, log.site), eq(other.orderId, log.orderId), isInside(other)))
  return or(isInside(log), and(eq(log.type, 'event.voided'), exists(ofOrder)))
}

/** Identities of the events of these orders that others take back. */
export async function loadVoided(
  database: Database,
  site: string,
  among: readonly OrderEvent[],
): Promise<ReadonlySet<string>> {
  const named = [...new Set(among.map(({ order }) => order))]
  const voids = await drizzleOn(database.longRunning)
    .select(eventColumns)
    .from(log)
    .where(and(eq(log.site, site), anyOf(log.orderId, named), eq(log.type, 'event.voided')))
  return voidedIdentities(voids.map(orderEvent).toSorted(compareEvents))
}
