import type { Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { events, orders, visits } from '@stagewatch/db/schema.ts'
import { and, desc, eq, lte, sql } from 'drizzle-orm'

/** So many places of the log are read at a time. */
const pageSize = 5_000
/** No question looks at more of the log than this. */
const maxLookedAt = 300_000
/** Transactions are recorded when they began, and are in the log in the order in which they got their number. */
const disorderMs = 3_600_000

/** An event with what was known of its order. Instants are epoch ms. */
export interface RecordedEvent {
  readonly source: string
  readonly stage: string | null
  readonly actor: string | null
  readonly occurredAt: number
  readonly recordedAt: number
  readonly imported: boolean
  /** Null: the order is not there. */
  readonly process: string | null
  readonly customer: string | null
  readonly product: string | null
  readonly customerClass: string | null
  /** In whose hands the order was when it happened. */
  readonly department: string | null
}

/** The end of what has been looked at: nothing older has been read. */
export interface LogEnd {
  /** Epoch ms; undefined: everything from the beginning of the period on has been read. */
  readonly reachesBackTo: number | undefined
}

/**
 * The events of a site that were recorded in a period, the newest first, a page at a time. The log of all sites is read
 * in its own order, for which it has an index, and no further than so many events.
 */
export async function* recordedEvents(
  db: Queryable,
  site: string,
  { from, to }: { readonly from: number; readonly to: number },
): AsyncGenerator<readonly RecordedEvent[], LogEnd> {
  let before: Place | undefined
  for (let lookedAt = 0; lookedAt < maxLookedAt; lookedAt += pageSize) {
    const page = await readPage(db, site, before)
    const last = page.at(-1)
    if (last === undefined) return { reachesBackTo: undefined }
    yield page.filter((event) => event.site === site && event.recordedAt >= from && event.recordedAt < to)
    if (page.length < pageSize || page.every(({ recordedAt }) => recordedAt < from - disorderMs)) {
      return { reachesBackTo: undefined }
    }
    before = last
    if (lookedAt + pageSize >= maxLookedAt) return { reachesBackTo: Math.max(from, last.recordedAt) }
  }
  return { reachesBackTo: undefined }
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
  const page = on
    .select({ site: events.site, orderId, tx, position, source, stage, actor, occurredAt, recordedAt, imported })
    .from(events)
    .where(before && sql`(${tx}, ${position}) < (${before.tx}::text::xid8, ${String(before.position)}::bigint)`)
    .orderBy(desc(tx), desc(position))
    .limit(pageSize)
    .as('page')
  const visitDepartment = on
    .select({ department: visits.department })
    .from(visits)
    .where(and(eq(visits.site, page.site), eq(visits.orderId, page.orderId), lte(visits.enteredAt, page.occurredAt)))
    .orderBy(desc(visits.visitIndex))
    .limit(1)
  return on
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
      department: sql<string | null>`coalesce((${visitDepartment.getSQL()}), ${orders.department})`,
    })
    .from(page)
    .leftJoin(
      orders,
      and(eq(orders.site, page.site), eq(orders.orderId, page.orderId), eq(page.site, site), eq(page.imported, false)),
    )
    .orderBy(desc(page.tx), desc(page.position))
}
