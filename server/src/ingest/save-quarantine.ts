import type { Queryable } from '@stagewatch/db/database.ts'
import type { ProblemCode } from '@stagewatch/shared/contract/problem.ts'
import type { Usage } from '../platform/collection-gauges.ts'
import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'

/** An event that was not taken, kept so that somebody can mend it and send it again. */
export interface RejectedEvent {
  /** Who sent it. */
  readonly sender: string
  readonly code: ProblemCode
  readonly field?: string | undefined
  readonly message: string
  /** As it came. */
  readonly raw: unknown
  /** What it is, where that could be read. */
  readonly event?: Pick<OrderEvent, 'order' | 'source' | 'id'> | undefined
}

/** A single event may fill a whole request; more of it helps nobody. */
const rawLimit = 64 * 1024

const insertRejected = `
  insert into quarantine (site, sender, code, field, message, raw, order_id, source, event_id)
  select $1, * from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[])`

/** So many of a site are kept, the newest ones. */
const maxQuarantined = 10_000

const deleteSurplus = `
  delete from quarantine where site = $1 and id <= (
    select id from quarantine where site = $1 order by id desc offset ${maxQuarantined} limit 1)`

/** What they may take on the disk, as they are stored; about as much again may come in small events. */
const maxQuarantinedBytes = 64 * 1024 * 1024

const deleteLargeSurplus = `
  delete from quarantine q using (
    select id, sum(pg_column_size(raw)) over (order by id desc) as bytes from quarantine where site = $1) as newer
  where q.site = $1 and q.id = newer.id and newer.bytes > $2`

/** @param maxBytes see `maxQuarantinedBytes`. */
export async function saveQuarantine(
  tx: Queryable,
  site: string,
  rejected: readonly RejectedEvent[],
  maxBytes = maxQuarantinedBytes,
): Promise<void> {
  if (rejected.length === 0) return
  const texts = rejected.map(({ raw }) => rawText(raw))
  await tx.query(insertRejected, [
    site,
    rejected.map((event) => event.sender),
    rejected.map((event) => event.code),
    rejected.map((event) => event.field ?? null),
    rejected.map((event) => event.message),
    texts,
    rejected.map(({ event }) => storable(event?.order)),
    rejected.map(({ event }) => storable(event?.source)),
    rejected.map(({ event }) => storable(event?.id)),
  ])
  await tx.query(deleteSurplus, [site])
  // As many as there may be of smaller ones take no more than that by themselves.
  const isLarge = texts.some(({ length }) => length > maxBytes / maxQuarantined)
  if (isLarge) await tx.query(deleteLargeSurplus, [site, maxBytes])
}

/** How full the fullest quarantine of all sites is, by name. */
export async function quarantineUsage(db: Queryable): Promise<Record<string, Usage>> {
  const [fullest] = await db.query<{ events: number; bytes: number }>(
    `select coalesce(max(events), 0)::float8 as events, coalesce(max(bytes), 0)::float8 as bytes
     from (select count(*) as events, sum(pg_column_size(raw)) as bytes from quarantine group by site) as sites`,
  )
  return {
    quarantine: { size: fullest?.events ?? 0, limit: maxQuarantined },
    quarantine_bytes: { size: fullest?.bytes ?? 0, limit: maxQuarantinedBytes },
  }
}

/** JSON escapes what a text column cannot hold: NUL and lone surrogates. */
function rawText(raw: unknown): string {
  const text = JSON.stringify(raw) ?? 'null'
  return text.length <= rawLimit ? text : text.slice(0, rawLimit).toWellFormed()
}

/** An event may be here because of a name that no text column can hold. */
function storable(name: string | undefined): string | null {
  return name === undefined || name.includes('\0') || !name.isWellFormed() ? null : name
}
