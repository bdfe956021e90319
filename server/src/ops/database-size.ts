import { freeBytes } from '@stagewatch/db/data-directory.ts'
import type { Database } from '@stagewatch/db/database.ts'
import { reservedBytes } from '@stagewatch/db/disk-space.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { sourceHours } from '@stagewatch/db/sources-schema.ts'
import { sql } from 'drizzle-orm'

interface DatabaseSize {
  readonly version: string
  /** Size of the database with all sites. */
  readonly bytes: number
  /** Undefined: its disk is on another machine. */
  readonly freeBytes?: number
  /** See `daysUntilFull`. */
  readonly fullInDays?: number
}

interface SizeRow {
  readonly version: string
  readonly bytes: number
  /** Size of the tables that grow with every event. */
  readonly eventBytes: number
  /** An estimate; negative if there is none. */
  readonly events: number
  readonly weekEvents: number
}

/** The size of the database, and whether its disk will be full. */
export async function readDatabaseSize(database: Database): Promise<DatabaseSize> {
  const [row] = await drizzleOn(database).execute<SizeRow & Record<string, unknown>>(sql`
    select current_setting('server_version') as version,
      pg_database_size(current_database())::float8 as bytes,
      (pg_total_relation_size('events'::regclass) + pg_total_relation_size('orders'::regclass)
        + pg_total_relation_size('visits'::regclass))::float8 as "eventBytes",
      (select reltuples::float8 from pg_class where oid = 'events'::regclass) as events,
      (select coalesce(sum(${sourceHours.accepted}), 0)::float8 from ${sourceHours}
        where ${sourceHours.hourAt} > now() - interval '7 days') as "weekEvents"`)
  if (row === undefined) throw new Error('the database has no size')
  const { version, bytes } = row
  if (database.dataDirectory === undefined) return { version, bytes }
  const free = await freeBytes(database.dataDirectory)
  const fullInDays = daysUntilFull({ ...row, freeBytes: free })
  return { version, bytes, freeBytes: free, ...(fullInDays !== undefined && { fullInDays }) }
}

/** With fewer events, most of the size of the tables is what empty ones have. */
const minEvents = 1_000
const maxDays = 365

/**
 * Full days until only the reserved space is left, if as many events arrive as in the last week and take as much space
 * as those before. Undefined: more than a year, or there are too few events to tell.
 */
export function daysUntilFull({
  freeBytes: free,
  eventBytes,
  events,
  weekEvents,
}: Pick<SizeRow, 'eventBytes' | 'events' | 'weekEvents'> & { readonly freeBytes: number }): number | undefined {
  if (events < minEvents || weekEvents === 0) return undefined
  const bytesPerDay = ((eventBytes / events) * weekEvents) / 7
  const days = Math.floor(Math.max(0, free - reservedBytes) / bytesPerDay)
  return days > maxDays ? undefined : days
}
