import type { Queryable } from '@stagewatch/db/database.ts'
import { events } from '@stagewatch/db/schema.ts'
import { writeColumns } from '@stagewatch/db/write-columns.ts'
import type { ColumnSources } from '@stagewatch/db/write-columns.ts'
import { eventIdentity } from '@stagewatch/shared/domain/event-order.ts'
import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import { inStatements, jsonLength, sendInStatements } from './in-statements.ts'

/** An event to append to the log, with its content hash. */
export interface HashedEvent {
  readonly event: OrderEvent
  readonly contentHash: string
  /** Id of the API key that sent it. */
  readonly keyId?: string | undefined
  /** Whether it comes from an import or a replay, so that its consequences are not new. */
  readonly imported?: boolean | undefined
  /** Number of the import that it belongs to. */
  readonly importId?: number | undefined
}

/** `restated`: an import contains an event that is stored with other facts; the stored event remains unchanged. */
export type AppendOutcome = 'accepted' | 'duplicate' | 'restated' | 'conflict'

export interface Appended {
  /** One per event, in the same order. */
  readonly outcomes: readonly AppendOutcome[]
  /** Position of the last event that this call appended; undefined if there was none. */
  readonly position: string | undefined
  /** The transaction that appended them; undefined if there was none. */
  readonly tx: string | undefined
}

/**
 * Channel on which server instances notify each other that the log has grown. Notifications have no payload; receivers
 * read the log.
 */
export const logChannel = 'stagewatch_log'

/** Columns taken from the event itself; site and origin are those of the whole commit. */
export const eventSources = {
  source: ({ event }) => event.source,
  id: ({ event }) => event.id,
  type: ({ event }) => event.type,
  orderId: ({ event }) => event.order,
  stage: ({ event }) => event.stage,
  occurredAt: ({ event }) => event.occurredAt,
  actor: ({ event }) => event.actor,
  sequence: ({ event }) => event.sequence,
  data: ({ event }) => event.data,
  contentHash: ({ contentHash }) => contentHash,
  keyId: ({ keyId }) => keyId,
  imported: ({ imported }) => imported ?? false,
  importId: ({ importId }) => importId,
} satisfies ColumnSources<typeof events, HashedEvent>

const columns = writeColumns<typeof events, HashedEvent>({
  table: events,
  sources: eventSources,
  firstParameter: 3,
})

const insertEvents = `
  with added as (
    insert into events (site, origin, ${columns.names})
    select $1, $2, ${columns.values} from ${columns.rows}
    on conflict (site, source, id) do nothing
    returning position)
  select count(*)::int as count, max(position)::text as position, pg_current_xact_id()::text as tx from added`

const insertNewEvents = `
  insert into events (site, origin, ${columns.names}) select $1, $2, ${columns.values} from ${columns.rows}`

const endOfLog = `
  select currval(pg_get_serial_sequence('events', 'position'))::text as position,
    pg_notify('${logChannel}', '')::text as told`

const selectStored = `
  select e.source, e.id, e.content_hash as "contentHash", e.tx = pg_current_xact_id() as "isNew",
    e.type, e.order_id as "order", e.stage, (extract(epoch from e.occurred_at) * 1000)::float8 as "occurredAt"
  from events e join unnest($2::text[], $3::text[]) as t(source, id) on e.source = t.source and e.id = t.id
  where e.site = $1`

interface StoredEvent {
  readonly source: string
  readonly id: string
  readonly contentHash: string
  /** Whether this transaction appended it. */
  readonly isNew: boolean
  readonly type: string
  readonly order: string
  readonly stage: string | null
  readonly occurredAt: number
}

/**
 * Appends events to the site's log in a transaction. An event that already exists, or occurs earlier in the same call,
 * is a duplicate; the same identity with other content is a conflict and changes nothing.
 * @param origin identifies this server instance.
 */
export async function appendEvents(
  tx: Queryable,
  site: string,
  origin: string,
  given: readonly HashedEvent[],
): Promise<Appended> {
  const first = new Map<string, HashedEvent>()
  for (const entry of given) {
    const identity = identityOf(entry.event)
    if (!first.has(identity)) first.set(identity, entry)
  }
  // All server instances insert in identity order, so that two of them cannot deadlock.
  const entries = [...first.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry)
  const results = await inStatements(
    entries,
    (some) => tx.query<AddedRow>(insertEvents, [site, origin, ...columns.parameters(some)]),
    dataLength,
  )
  const added = results.flat()
  const count = added.reduce((sum, row) => sum + row.count, 0)
  // Positions are assigned in ascending order.
  const last = added.findLast((row) => row.position !== null)
  const position = last?.position ?? undefined
  const written = { position, tx: last?.tx }
  if (position !== undefined) await tx.query(`select pg_notify('${logChannel}', '')::text`)
  // Usually everything is new, and nothing has to be read back.
  if (count === given.length) return { outcomes: given.map(() => 'accepted'), ...written }
  const stored = await loadStored(tx, site, entries)
  const outcomes = given.map((entry): AppendOutcome => {
    const identity = identityOf(entry.event)
    const known = stored.get(identity)
    if (known?.isNew === true && first.get(identity) === entry) return 'accepted'
    if (known?.contentHash === entry.contentHash) return 'duplicate'
    return entry.imported === true && known !== undefined && isSame(known, entry.event) ? 'restated' : 'conflict'
  })
  return { outcomes, ...written }
}

/**
 * Appends events that are not in the log yet, without waiting for the result; the transaction fails if one of them
 * exists.
 * @param entries without repetitions.
 * @returns the position of the last one, once it is known.
 */
export async function sendEvents(
  tx: Queryable,
  site: string,
  origin: string,
  entries: readonly HashedEvent[],
): Promise<{ readonly position: Promise<string> }> {
  const send = (some: readonly HashedEvent[]) => tx.query(insertNewEvents, [site, origin, ...columns.parameters(some)])
  await sendInStatements(entries, send, dataLength)
  const position = tx.query<{ position: string }>(endOfLog).then(([row]) => {
    if (row === undefined) throw new Error('the log has no end')
    return row.position
  })
  position.catch(() => undefined)
  return { position }
}

function dataLength({ event }: HashedEvent): number {
  return jsonLength(event.data)
}

/** Whether it is the same occurrence, regardless of its facts. */
function isSame(stored: StoredEvent, { type, order, stage, occurredAt }: OrderEvent): boolean {
  if (stored.type !== type || stored.order !== order || stored.occurredAt !== occurredAt) return false
  return stored.stage === (stage ?? null)
}

interface AddedRow {
  readonly count: number
  readonly position: string | null
  readonly tx: string
}

/**
 * Removes events that this transaction has appended, because the process of their order does not accept them. Nobody
 * has seen them yet: committed events are never removed.
 */
export async function removeAdded(tx: Queryable, site: string, added: readonly OrderEvent[]): Promise<void> {
  await inStatements(added, (some) =>
    tx.query(
      `delete from events e using unnest($2::text[], $3::text[]) as t(source, id)
       where e.site = $1 and e.source = t.source and e.id = t.id and e.tx = pg_current_xact_id()`,
      [site, some.map(({ source }) => source), some.map(({ id }) => id)],
    ),
  )
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
