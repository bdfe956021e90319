import { toInstant } from '@stagewatch/db/database.ts'
import type { Queryable } from '@stagewatch/db/database.ts'
import { eventIdentity } from '@stagewatch/shared/domain/event-order.ts'
import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'

/** An event on its way into the log, with the hash of its content. */
export interface HashedEvent {
  readonly event: OrderEvent
  readonly contentHash: string
}

export type AppendOutcome = 'accepted' | 'duplicate' | 'conflict'

export interface Appended {
  /** One for each event handed in, in the same order. */
  readonly outcomes: readonly AppendOutcome[]
  /** Position of the last event that this call added; undefined: it added none. */
  readonly position: string | undefined
  /** The transaction that added them; undefined: it added none. */
  readonly tx: string | undefined
}

/** Where processes tell each other that the log has grown; the notice carries nothing, the log is read. */
export const logChannel = 'stagewatch_log'

const insertEvents = `
  with added as (
    insert into events (site, origin, source, id, type, order_id, stage, occurred_at, actor, sequence, data, content_hash)
    select $1, $2, source, id, type, order_id, stage, ${toInstant('occurred_ms')}, actor, sequence, data::jsonb,
      content_hash
    from unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::float8[], $9::text[], $10::bigint[],
      $11::text[], $12::text[])
      as t(source, id, type, order_id, stage, occurred_ms, actor, sequence, data, content_hash)
    on conflict (site, source, id) do nothing
    returning position)
  select count(*)::int as count, max(position)::text as position, pg_current_xact_id()::text as tx from added`

const selectStored = `
  select e.source, e.id, e.content_hash as "contentHash", e.tx = pg_current_xact_id() as "isNew"
  from events e join unnest($2::text[], $3::text[]) as t(source, id) on e.source = t.source and e.id = t.id
  where e.site = $1`

interface StoredEvent {
  readonly source: string
  readonly id: string
  readonly contentHash: string
  /** Added by this transaction. */
  readonly isNew: boolean
}

/**
 * Adds events to the site's log inside a transaction. An event that is there already, or earlier in the same call,
 * is a duplicate; the same identity with other content is a conflict and changes nothing.
 * @param origin names this server process.
 */
export async function appendEvents(
  tx: Queryable,
  site: string,
  origin: string,
  events: readonly HashedEvent[],
): Promise<Appended> {
  const first = new Map<string, HashedEvent>()
  for (const entry of events) {
    const identity = identityOf(entry.event)
    if (!first.has(identity)) first.set(identity, entry)
  }
  // All processes insert in the order of identity, so that two of them cannot wait for each other.
  const entries = [...first.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry)
  const [added] = await tx.query<{ count: number; position: string | null; tx: string }>(insertEvents, [
    site,
    origin,
    entries.map(({ event }) => event.source),
    entries.map(({ event }) => event.id),
    entries.map(({ event }) => event.type),
    entries.map(({ event }) => event.order),
    entries.map(({ event }) => event.stage ?? null),
    entries.map(({ event }) => event.occurredAt),
    entries.map(({ event }) => event.actor ?? null),
    entries.map(({ event }) => event.sequence ?? null),
    entries.map(({ event }) => JSON.stringify(event.data)),
    entries.map(({ contentHash }) => contentHash),
  ])
  const position = added?.position ?? undefined
  const written = { position, tx: position === undefined ? undefined : added?.tx }
  if (position !== undefined) await tx.query(`select pg_notify('${logChannel}', '')::text`)
  // Nearly always everything is new, and nothing needs to be read back.
  if (added?.count === events.length) return { outcomes: events.map(() => 'accepted'), ...written }
  const stored = await loadStored(tx, site, entries)
  const outcomes = events.map((entry): AppendOutcome => {
    const identity = identityOf(entry.event)
    const known = stored.get(identity)
    if (known?.isNew === true && first.get(identity) === entry) return 'accepted'
    return known?.contentHash === entry.contentHash ? 'duplicate' : 'conflict'
  })
  return { outcomes, ...written }
}

async function loadStored(
  tx: Queryable,
  site: string,
  entries: readonly HashedEvent[],
): Promise<Map<string, StoredEvent>> {
  const rows = await tx.query<StoredEvent>(selectStored, [
    site,
    entries.map(({ event }) => event.source),
    entries.map(({ event }) => event.id),
  ])
  return new Map(rows.map((row) => [eventIdentity(row.source, row.id), row]))
}

function identityOf(event: OrderEvent): string {
  return eventIdentity(event.source, event.id)
}
