import { sql } from 'drizzle-orm'
import { bigint, index, integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { siteOf } from './schema.ts'
import { instant, site } from './schema-columns.ts'

/** Systems that send events. */
export const sources = pgTable(
  'sources',
  {
    site: site(),
    source: text('source').notNull(),
    /** A LocalText: the name by language. */
    name: jsonb('name').$type<Readonly<Record<string, string>>>().notNull(),
    /** Expected reporting interval. Null: none is configured. */
    intervalMs: bigint('interval_ms', { mode: 'number' }),
    lastReceivedAt: instant('last_received_at'),
    /** Stages for which it has sent events. */
    stages: text('stages')
      .array()
      .$type<readonly string[]>()
      .notNull()
      .default(sql`'{}'`),
  },
  (t) => [primaryKey({ columns: [t.site, t.source] })],
)

/** Counts of each source in each full hour of UTC; kept for some weeks. */
export const sourceHours = pgTable(
  'source_hours',
  {
    site: siteOf(),
    source: text('source').notNull(),
    hourAt: instant('hour_at').notNull(),
    accepted: integer('accepted').notNull(),
    duplicate: integer('duplicate').notNull(),
    rejected: integer('rejected').notNull(),
    /** Accepted events by delay between occurrence and arrival, see `lagClassesMs`; imported events are excluded. */
    lags: integer('lags').array().$type<readonly number[]>().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.site, t.source, t.hourAt] }),
    // For the recent hours of a site, and for hours that are old enough to be deleted.
    index('source_hours_recent').on(t.hourAt, t.site),
  ],
)
