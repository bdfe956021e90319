import { toInstant } from '@stagewatch/db/database.ts'
import type { Queryable } from '@stagewatch/db/database.ts'
import { voidedIdentities } from '@stagewatch/shared/domain/effective-events.ts'
import { compareEvents, eventIdentity } from '@stagewatch/shared/domain/event-order.ts'
import type { EventKey } from '@stagewatch/shared/domain/event-order.ts'
import { logEvents } from '../log/load-events.ts'
import type { StoredEvent } from './seen-order.ts'

/** Some events of an order in the order in which they apply, those that were taken back included. */
export interface EventPage {
  readonly events: readonly StoredEvent[]
  /** There are more after these. */
  readonly hasMore: boolean
}

const key = `occurred_at, coalesce(sequence, 9223372036854775807), source collate "C", id collate "C"`

/** @param after the last event of the page before; undefined: from the first on. */
export async function loadOrderEvents(
  db: Queryable,
  site: string,
  order: string,
  after: EventKey | undefined,
  limit: number,
): Promise<EventPage> {
  const rows = await logEvents(
    db,
    `site = $1 and order_id = $2 and ($3::float8 is null or (${key}) >
       (${toInstant('$3::float8')}, coalesce($4::bigint, 9223372036854775807), $5::text, $6::text))
     order by ${key} limit $7`,
    [site, order, after?.occurredAt ?? null, after?.sequence ?? null, after?.source ?? '', after?.id ?? '', limit + 1],
  )
  const events = await withVoids(db, site, order, rows.slice(0, limit))
  return { events, hasMore: rows.length > limit }
}

/** The events of an order that gave a promise. */
export async function loadPromises(db: Queryable, site: string, order: string): Promise<StoredEvent[]> {
  const rows = await logEvents(
    db,
    `site = $1 and order_id = $2 and data ? 'promisedAt' order by ${key} limit ${maxPromises}`,
    [site, order],
  )
  return withVoids(db, site, order, rows)
}

/** What was promised so often says nothing any more. */
const maxPromises = 1_000

type Recorded = Awaited<ReturnType<typeof logEvents>>[number]

async function withVoids(
  db: Queryable,
  site: string,
  order: string,
  rows: readonly Recorded[],
): Promise<StoredEvent[]> {
  const voids = await logEvents(db, `site = $1 and order_id = $2 and type = 'event.voided'`, [site, order])
  const voided = voidedIdentities(voids.map(({ event }) => event).toSorted(compareEvents))
  return rows.map(({ event: { order: _, ...event }, recordedAt }): StoredEvent => ({
    ...event,
    recordedAt,
    voided: voided.has(eventIdentity(event.source, event.id)),
  }))
}
