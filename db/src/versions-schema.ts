import { bigint, customType, index, pgTable, text } from 'drizzle-orm/pg-core'
import { instant, now } from './schema-columns.ts'

/** The versions of the program that have migrated this database, or found nothing to migrate. */
export const installedVersions = pgTable('installed_versions', {
  version: text('version').primaryKey(),
  firstStartedAt: instant('first_started_at').notNull().default(now),
  /** Time of its newest migration in the journal. */
  newestMigration: bigint('newest_migration', { mode: 'number' }).notNull(),
  /** A program whose newest migration is this one or a later one can work with these tables. */
  oldestCompatible: bigint('oldest_compatible', { mode: 'number' }).notNull(),
})

/** The server instances that run on this database. */
export const serverInstances = pgTable('server_instances', {
  /** Origin of the server instance. */
  id: text('id').primaryKey(),
  version: text('version').notNull(),
  /** Time of the newest migration that it knows. */
  newestMigration: bigint('newest_migration', { mode: 'number' }).notNull(),
  startedAt: instant('started_at').notNull().default(now),
  /** By the clock of the database. An instance that has not been seen for a while is dead. */
  seenAt: instant('seen_at').notNull().default(now),
  /** When it ended in order. The row is deleted by an instance that still runs. */
  stoppedAt: instant('stopped_at'),
})

const bytes = customType<{ data: Uint8Array; driverData: Uint8Array }>({ dataType: () => 'bytea' })

/**
 * Scripts and styles of the pages of every version that runs here, or ran until recently. During a rolling upgrade, a
 * page of one version may ask an instance of another version for them.
 */
export const pageFiles = pgTable(
  'page_files',
  {
    /** Its name, which changes with its content. */
    name: text('name').primaryKey(),
    /** Compressed by gzip. */
    content: bytes('content').notNull(),
    /** When an instance that has the file was last started, or last seen by the daily clean-up. */
    servedAt: instant('served_at').notNull().default(now),
  },
  // Deletes those of old versions.
  (t) => [index('page_files_served_at').on(t.servedAt)],
)
