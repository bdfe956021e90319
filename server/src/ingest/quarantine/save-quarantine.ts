import { UnreadItem } from '../../platform/http/read-json.ts'
import type { Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { quarantine } from '@stagewatch/db/schema.ts'
import { insertRows } from '@stagewatch/db/write-columns.ts'
import type { ProblemCode } from '@stagewatch/shared/contract/problem.ts'
import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import { sql } from 'drizzle-orm'
import type { Usage } from '../../platform/collection-gauges.ts'

/** A rejected event, stored so that a user can correct and resend it. */
export interface RejectedEvent {
  /** Name of the sender. */
  readonly sender: string
  readonly code: ProblemCode
  readonly field?: string | undefined
  readonly message: string
  /** As received. */
  readonly raw: unknown
  /** Identity of the event, as far as it could be read. */
  readonly event?: Pick<OrderEvent, 'order' | 'source' | 'id'> | undefined
}

/** A single event may fill a whole request; storing more of it is not useful. */
const rawLimit = 64 * 1024

/** Number of events kept per site; the oldest are deleted. */
const maxQuarantined = 10_000

/** Limit for the stored size of large events; small events may take about as much again. */
const maxQuarantinedBytes = 64 * 1024 * 1024

/** @param maxBytes see `maxQuarantinedBytes`. */
export async function saveQuarantine(
  tx: Queryable,
  site: string,
  rejected: readonly RejectedEvent[],
  maxBytes = maxQuarantinedBytes,
): Promise<void> {
  if (rejected.length === 0) return
  const on = drizzleOn(tx)
  const events = rejected.map((event) => ({ ...event, raw: rawText(event.raw) }))
  const insert = insertRows(quarantine, events, {
    site: () => site,
    sender: ({ sender }) => sender,
    code: ({ code }) => code,
    field: ({ field }) => field,
    message: ({ message }) => message,
    raw: ({ raw }) => raw,
    orderId: ({ event }) => storable(event?.order),
    source: ({ event }) => storable(event?.source),
    eventId: ({ event }) => storable(event?.id),
  })
  await on.execute(insert)
  await on.execute(sql`
    delete from ${quarantine} where ${quarantine.site} = ${site} and ${quarantine.id} <= (
      select id from ${quarantine} where site = ${site} order by id desc offset ${maxQuarantined} limit 1)`)
  // The row limit already bounds the total size of smaller events to the same amount.
  const isLarge = events.some(({ raw }) => raw.length > maxBytes / maxQuarantined)
  if (!isLarge) return
  await on.execute(sql`
    delete from ${quarantine} q using (
      select id, sum(pg_column_size(raw)) over (order by id desc) as bytes
      from ${quarantine} where site = ${site}) as newer
    where q.site = ${site} and q.id = newer.id and newer.bytes > ${maxBytes}`)
}

/** Fill level of the fullest quarantine of all sites, by name. */
export async function quarantineUsage(db: Queryable): Promise<Record<string, Usage>> {
  const [fullest] = await drizzleOn(db).execute<{ events: number; bytes: number }>(sql`
    select coalesce(max(events), 0)::float8 as events, coalesce(max(bytes), 0)::float8 as bytes
    from (select count(*) as events, sum(pg_column_size(raw)) as bytes from ${quarantine} group by site) as sites`)
  return {
    quarantine: { size: fullest?.events ?? 0, limit: maxQuarantined },
    quarantine_bytes: { size: fullest?.bytes ?? 0, limit: maxQuarantinedBytes },
  }
}

/** JSON escapes what a text column cannot hold: NUL and lone surrogates. */
function rawText(raw: unknown): string {
  if (raw instanceof UnreadItem) return raw.text
  const text = JSON.stringify(raw) ?? 'null'
  return text.length <= rawLimit ? text : text.slice(0, rawLimit).toWellFormed()
}

/** An event may have been rejected because of a name that a text column cannot hold. */
function storable(name: string | undefined): string | undefined {
  return name === undefined || name.includes('\0') || !name.isWellFormed() ? undefined : name
}
