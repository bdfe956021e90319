import type { Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { events as log } from '@stagewatch/db/schema.ts'
import { voidedIdentities } from '@stagewatch/shared/domain/effective-events.ts'
import { compareEvents, eventIdentity } from '@stagewatch/shared/domain/event-order.ts'
import type { EventKey } from '@stagewatch/shared/domain/event-order.ts'
import { and, eq, sql } from 'drizzle-orm'
import type { SQL } from 'drizzle-orm'
import { eventColumns, orderEvent } from '../log/load-events.ts'
import type { StoredEvent } from './visible-order.ts'

/** Events of an order in the order in which they apply, including retracted ones. */
export interface EventPage {
  readonly events: readonly StoredEvent[]
  /** There are more events after these. */
  readonly hasMore: boolean
}

const lastSequence = sql.raw('9223372036854775807')

/** Sort key of the order in which events apply, see `compareEvents`. */
const key = sql`
  ${log.occurredAt}, coalesce(${log.sequence}, ${lastSequence}), ${log.source} collate "C", ${log.id} collate "C"`

/** @param after the last event of the previous page; undefined for the first page. */
export async function loadOrderEvents(
  db: Queryable,
  site: string,
  order: string,
  after: EventKey | undefined,
  limit: number,
): Promise<EventPage> {
  const rows = await eventsOf(db, site, order, after && sql`(${key}) > (${keyOf(after)})`)
    .orderBy(key)
    .limit(limit + 1)
  const events = await withVoids(db, site, order, rows.slice(0, limit))
  return { events, hasMore: rows.length > limit }
}

/** The events of an order that contain a promise. */
export async function loadPromises(db: Queryable, site: string, order: string): Promise<StoredEvent[]> {
  const rows = await eventsOf(db, site, order, sql`${log.data} ? 'promisedAt'`)
    .orderBy(key)
    .limit(maxPromises)
  return withVoids(db, site, order, rows)
}

/** A promise that changed more often than this is no longer meaningful. */
const maxPromises = 1_000

function eventsOf(db: Queryable, site: string, order: string, isWanted: SQL | undefined) {
  return drizzleOn(db)
    .select({ event: eventColumns, recordedAt: log.recordedAt, imported: log.imported })
    .from(log)
    .where(and(eq(log.site, site), eq(log.orderId, order), isWanted))
}

function keyOf({ occurredAt, sequence, source, id }: EventKey): SQL {
  const at = sql.param(occurredAt, log.occurredAt)
  return sql`${at}, coalesce(${sequence ?? null}::bigint, ${lastSequence}), ${source}::text, ${id}::text`
}

async function withVoids(
  db: Queryable,
  site: string,
  order: string,
  rows: Awaited<ReturnType<typeof eventsOf>>,
): Promise<StoredEvent[]> {
  const voids = await eventsOf(db, site, order, eq(log.type, 'event.voided'))
  const voided = voidedIdentities(voids.map(({ event }) => orderEvent(event)).toSorted(compareEvents))
  return rows.map(({ event: row, recordedAt, imported }): StoredEvent => {
    const { order: _, ...event } = orderEvent(row)
    return { ...event, recordedAt, imported, voided: voided.has(eventIdentity(event.source, event.id)) }
  })
}
