import { sql } from 'drizzle-orm'
import { bigint, boolean, index, integer, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { instant, site } from './schema-columns.ts'
import { siteOf } from './schema.ts'

/** Archives: files with the events of orders that ended long ago, see `ArchiveManifest`. */
export const archives = pgTable(
  'archives',
  {
    site: site(),
    id: bigint('id', { mode: 'number' }).notNull().generatedAlwaysAsIdentity(),
    /** Name of its files without their endings. */
    name: text('name').notNull(),
    /** When its orders ended: `YYYY-MM` in the time zone of the site. */
    month: text('month').notNull(),
    archivedAt: instant('archived_at').notNull(),
    orderCount: integer('order_count').notNull(),
    eventCount: integer('event_count').notNull(),
    /** Number of its orders that are back in the log. */
    restoredCount: integer('restored_count').notNull().default(0),
    firstEventAt: instant('first_event_at').notNull(),
    lastEventAt: instant('last_event_at').notNull(),
    /** When the last of its events was recorded, except imported ones. Null: all were imported. */
    lastRecordedAt: instant('last_recorded_at'),
    /** Position of its last event in the log. */
    lastPosition: bigint('last_position', { mode: 'bigint' }).notNull(),
    /** Size of its files. */
    bytes: bigint('bytes', { mode: 'number' }).notNull(),
    eventsSha256: text('events_sha256').notNull(),
    logSha256: text('log_sha256').notNull(),
    /** Number of corrections of its orders that are in a file and not back. Null: they were not archived yet. */
    correctionCount: integer('correction_count'),
    /** Null: it has no file with corrections. */
    correctionsSha256: text('corrections_sha256'),
    /** Number of approvals of its orders whose details are in a file and not back. Null: they were not archived yet. */
    approvalCount: integer('approval_count'),
    /** Null: it has no file with approvals. */
    approvalsSha256: text('approvals_sha256'),
    /**
     * Number of restored orders with which corrections and approvals came back. Less than `restoredCount`: a server of an
     * earlier version, which knows only of events, has restored the others.
     */
    partsRestoredCount: integer('parts_restored_count').notNull().default(0),
    /** The imports that its events came with. Null: it is older than this column, and nobody has looked yet. */
    importIds: bigint('import_ids', { mode: 'number' }).array().$type<readonly number[]>(),
  },
  (t) => [
    primaryKey({ columns: [t.site, t.id] }),
    // For the archives whose corrections are still in the database.
    index('archives_without_corrections')
      .on(t.site, t.id)
      .where(sql`correction_count is null`),
    // For the archives whose approvals are still in the database.
    index('archives_without_approvals')
      .on(t.site, t.id)
      .where(sql`approval_count is null`),
  ],
)

/** Identities of archived events, so that an event that is sent again is recognized. */
export const archivedEvents = pgTable(
  'archived_events',
  {
    site: site(),
    /** 128 bits of a hash of source and id, which are often longer than the event itself. */
    key: uuid('key').notNull(),
    /** Content hash of the event, which has as many bits. */
    contentHash: uuid('content_hash').notNull(),
    archiveId: integer('archive_id').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.site, t.key] }),
    // For deleting the identities of old archives.
    index('archived_events_archive').on(t.site, t.archiveId),
  ],
)

/** The last run of archiving at each site, which may be under way. */
export const archiveRuns = pgTable(
  'archive_runs',
  {
    site: siteOf(),
    begunAt: instant('begun_at').notNull(),
    /** Null: it is under way, or its server instance has died. */
    endedAt: instant('ended_at'),
    /** Orders up to this one have been looked at; a run that ran out of time continues here. Null: all. */
    after: text('after'),
    orderCount: integer('order_count').notNull(),
    eventCount: integer('event_count').notNull(),
    /** Why it ended early. Null: it did not. */
    failure: jsonb('failure').$type<{ readonly code: string; readonly message: string }>(),
    /** Somebody has asked that it stops. */
    isCancelled: boolean('is_cancelled').notNull().default(false),
  },
  (t) => [primaryKey({ columns: [t.site] })],
)
