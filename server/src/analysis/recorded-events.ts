import type { Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { archives } from '@stagewatch/db/retention-schema.ts'
import { events, orders, visits } from '@stagewatch/db/schema.ts'
import type { ScanWatch } from '../engine/scans/scan-watch.ts'
import { and, desc, eq, gte, max, sql } from 'drizzle-orm'

/** Number of log positions read at a time: decoding and counting them takes some 10 ms. */
const pageSize = 1_000
/** No query reads more log positions than this. */
const maxLookedAt = 300_000
/** A transaction's timestamp is its start, but its place in the log is its sequence number. */
const disorderMs = 3_600_000

/** An event with the attributes of its order. Instants are epoch ms. */
export interface RecordedEvent {
  readonly source: string
  readonly stage: string | null
  readonly actor: string | null
  readonly occurredAt: number
  readonly recordedAt: number
  readonly imported: boolean
  /** Null if the order does not exist. */
  readonly process: string | null
  readonly customer: string | null
  readonly product: string | null
  readonly customerClass: string | null
  /** The department that had the order when the event happened. */
  readonly department: string | null
}

/** Where reading stopped: nothing older has been read. */
export interface LogEnd {
  /** Epoch ms. Undefined if everything since the start of the period has been read. */
  readonly reachesBackTo: number | undefined
}

/**
 * The events of a site that were recorded in a period, newest first, one page at a time. The log of all sites is read
 * in log order, for which it has an index, up to a maximum number of positions.
 */
export async function* recordedEvents(
  db: Queryable,
  site: string,
  period: { readonly from: number; readonly to: number },
  watch: ScanWatch,
): AsyncGenerator<readonly RecordedEvent[], LogEnd> {
  const { to } = period
  // Some of the events up to then are no longer in the log, and the others would give wrong figures.
  const archivedTo = await lastArchived(db, site, period.from)
  const from = archivedTo === undefined ? period.from : archivedTo + 1
  const reachesBackTo = archivedTo === undefined ? undefined : Math.min(from, to)
  let before: Place | undefined
  for (let lookedAt = 0; lookedAt < maxLookedAt; lookedAt += pageSize) {
    watch.check()
    const page = await readPage(db, site, before)
    const last = page.at(-1)
    if (last === undefined) return { reachesBackTo }
    yield page.filter((event) => event.site === site && event.recordedAt >= from && event.recordedAt < to)
    if (page.length < pageSize || page.every(({ recordedAt }) => recordedAt < from - disorderMs)) {
      return { reachesBackTo }
    }
    before = last
    if (lookedAt + pageSize >= maxLookedAt) return { reachesBackTo: Math.max(from, last.recordedAt) }
  }
  return { reachesBackTo }
}

/** When the last archived event since an instant was recorded, epoch ms. */
async function lastArchived(db: Queryable, site: string, since: number): Promise<number | undefined> {
  const [row] = await drizzleOn(db)
    .select({ at: max(archives.lastRecordedAt) })
    .from(archives)
    .where(and(eq(archives.site, site), gte(archives.lastRecordedAt, since)))
  return row?.at ?? undefined
}

interface Place {
  readonly tx: string
  readonly position: bigint
}

async function readPage(
  db: Queryable,
  site: string,
  before: Place | undefined,
): Promise<(RecordedEvent & Place & { readonly site: string })[]> {
  const on = drizzleOn(db)
  const { tx, position, source, stage, actor, occurredAt, recordedAt, imported, orderId } = events
  const page = on.$with('page').as(
    on
      .select({ site: events.site, orderId, tx, position, source, stage, actor, occurredAt, recordedAt, imported })
      .from(events)
      .where(before && sql`(${tx}, ${position}) < (${before.tx}::text::xid8, ${String(before.position)}::bigint)`)
      .orderBy(desc(tx), desc(position))
      .limit(pageSize),
  )
  const isCounted = and(eq(page.site, site), eq(page.imported, false))
  // The last visit that began until the event. One pass over all of them, because a search for each event of an order
  // with thousands of visits reads all of these every time. `offset 0` keeps the search by order, where the planner would
  // read all visits for each page.
  const seen = sql`
    select moments.position, max(visit_index) over (
      partition by order_id order by at, moments.position nulls first rows unbounded preceding
    ) as visit_index
    from (
      select asked.order_id, entered_at as at, visit_index, null::bigint as position
      from (select distinct ${page.orderId} from ${page} where ${isCounted}) as asked
      cross join lateral (
        select entered_at, visit_index from ${visits} where site = ${site} and order_id = asked.order_id offset 0
      ) as of_order
      union all
      select ${page.orderId}, ${page.occurredAt}, null, ${page.position} from ${page} where ${isCounted}
    ) as moments`
  const department = sql`(select ${visits.department} from ${visits}
    where site = ${site} and order_id = ${page.orderId} and visit_index = seen.visit_index)`
  return on
    .with(page)
    .select({
      site: page.site,
      tx: page.tx,
      position: page.position,
      source: page.source,
      stage: page.stage,
      actor: page.actor,
      occurredAt: page.occurredAt,
      recordedAt: page.recordedAt,
      imported: page.imported,
      process: orders.process,
      customer: orders.customer,
      product: orders.product,
      customerClass: sql<string | null>`${orders.attributes}->>'customerClass'`,
      department: sql<string | null>`coalesce(${department}, ${orders.department})`,
    })
    .from(page)
    .leftJoin(orders, and(eq(orders.site, page.site), eq(orders.orderId, page.orderId), isCounted))
    .leftJoin(sql`(${seen}) as seen`, sql`seen.position = ${page.position}`)
    .orderBy(desc(page.tx), desc(page.position))
}
