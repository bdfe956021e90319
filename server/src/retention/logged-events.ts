import type { Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { archivedEvents } from '@stagewatch/db/retention-schema.ts'
import { events as log } from '@stagewatch/db/schema.ts'
import { anyOf } from '@stagewatch/db/sql-expressions.ts'
import { and, eq, sql } from 'drizzle-orm'
import { archivedKey } from '../log/archived-events.ts'
import { inStatements } from '../log/in-statements.ts'
import { eventColumns, orderEvent } from '../log/load-events.ts'
import type { LoggedEvent } from './archive-files.ts'

/** Orders whose events are read by one statement. */
const ordersPerRead = 100

/** Reads the events of orders in the order of their position, so that the same orders give the same file. */
export async function loadLoggedEvents(db: Queryable, site: string, orders: readonly string[]): Promise<LoggedEvent[]> {
  const all: LoggedEvent[] = []
  for (let from = 0; from < orders.length; from += ordersPerRead) {
    const rows = await drizzleOn(db)
      .select({
        event: eventColumns,
        position: log.position,
        tx: log.tx,
        origin: log.origin,
        contentHash: log.contentHash,
        keyId: log.keyId,
        recordedAt: log.recordedAt,
        imported: log.imported,
        importId: log.importId,
      })
      .from(log)
      .where(and(eq(log.site, site), anyOf(log.orderId, orders.slice(from, from + ordersPerRead))))
      .orderBy(log.orderId, log.position)
    for (const { event, position, ...rest } of rows)
      all.push({ event: orderEvent(event), position: position.toString(), ...rest })
  }
  return all
}

/** Notes the identities of events that are still as they were read. @returns their number. */
export async function noteArchived(
  tx: Queryable,
  site: string,
  archiveId: number,
  events: readonly LoggedEvent[],
): Promise<number> {
  const on = drizzleOn(tx)
  const counts = await inStatements(events, async (some) => {
    const hashes = sql.param(some.map((one) => one.contentHash))
    const sources = sql.param(some.map(({ event }) => event.source))
    const ids = sql.param(some.map(({ event }) => event.id))
    const [noted] = await on.execute<{ count: number }>(sql`
      with noted as (insert into ${archivedEvents} (site, key, content_hash, archive_id)
      select ${site}, t.key::uuid, e.content_hash::uuid, ${archiveId}::int
      from unnest(${sources}::text[], ${ids}::text[], ${hashes}::text[],
        ${keysOf(some)}::text[]) as t(source, id, content_hash, key)
      join ${log} e on e.site = ${site} and e.source = t.source and e.id = t.id
        and e.content_hash = t.content_hash
      returning 1) select count(*)::int as count from noted`)
    return noted?.count ?? 0
  })
  return counts.reduce((sum, count) => sum + count, 0)
}

/** Removes all events of orders from the log. @returns their number. */
export async function removeLogged(tx: Queryable, site: string, orders: readonly string[]): Promise<number> {
  const counts = await inStatements(orders, async (some) => {
    const removed = await drizzleOn(tx)
      .delete(log)
      .where(and(eq(log.site, site), anyOf(log.orderId, some)))
    return removed.rowCount
  })
  return counts.reduce((sum, count) => sum + count, 0)
}

/** SQL for events of an archive as rows of the log. Parameters: the site, and the result of `archivedJson`. */
export const archivedRows = `
  select $1::text as site, t.source, t.id, t.position, t.tx, t.origin, t.type, t."order" as order_id, t.stage,
    t."occurredAt"::timestamptz(3) as occurred_at, t.actor, t.sequence, t.data, t."contentHash" as content_hash,
    t."keyId" as key_id, t."recordedAt"::timestamptz(3) as recorded_at, t.imported, t."importId" as import_id
  from jsonb_to_recordset($2::jsonb) as t(source text, id text, position bigint, tx text, origin text, type text,
    "order" text, stage text, "occurredAt" timestamptz, actor text, sequence bigint, data jsonb, "contentHash" text,
    "keyId" text, "recordedAt" timestamptz, imported boolean, "importId" bigint)`

export function archivedJson(events: readonly LoggedEvent[]): string {
  const rows = events.map(({ event: { occurredAt, ...event }, recordedAt, ...known }) => ({
    ...event,
    ...known,
    occurredAt: new Date(occurredAt).toISOString(),
    recordedAt: new Date(recordedAt).toISOString(),
  }))
  return JSON.stringify(rows)
}

/**
 * Puts archived events back into the log, to the place where they were: those who have read the log do not see them
 * again.
 * @returns the number of events that were not in the log.
 */
export async function putBack(tx: Queryable, site: string, events: readonly LoggedEvent[]): Promise<number> {
  const counts = await inStatements(events, async (some) => {
    // A database that was restored on another server counts its transactions anew: later ones would be read as new.
    const place = `case when tx::xid8 < pg_snapshot_xmax(pg_current_snapshot()) then tx::xid8
      else (select c.tx::xid8 from log_consumers c union all select pg_snapshot_xmin(pg_current_snapshot())
        order by 1 limit 1) end`
    const [added] = await tx.query<{ count: number }>(
      `with added as (insert into events (site, source, id, position, tx, origin, type, order_id, stage, occurred_at,
         actor, sequence, data, content_hash, key_id, recorded_at, imported, import_id)
       overriding system value
       select site, source, id, position, ${place}, origin, type,
         order_id, stage, occurred_at, actor, sequence, data, content_hash, key_id, recorded_at, imported, import_id
       from (${archivedRows}) as r
       on conflict do nothing
       returning 1) select count(*)::int as count from added`,
      [site, archivedJson(some)],
    )
    return added?.count ?? 0
  })
  return counts.reduce((sum, count) => sum + count, 0)
}

/** Forgets the identities of events that are back in the log. */
export async function forgetArchived(tx: Queryable, site: string, events: readonly LoggedEvent[]): Promise<void> {
  await inStatements(events, async (some) => {
    await drizzleOn(tx).execute(sql`
      delete from ${archivedEvents} a using unnest(${keysOf(some)}::text[]) as t(key)
      where a.site = ${site} and a.key = t.key::uuid`)
  })
}

function keysOf(events: readonly LoggedEvent[]) {
  return sql.param(events.map(({ event }) => archivedKey(event)))
}
