import type { actorKinds } from '@stagewatch/shared/contract/changes.ts'
import type { ImportMapping } from '@stagewatch/shared/contract/import-mapping.ts'
import type { ImportReport } from '@stagewatch/shared/contract/import-report.ts'
import type { ImportProgress } from '@stagewatch/shared/contract/imports.ts'
import type { UploadCheck } from '@stagewatch/shared/contract/uploads.ts'
import { sql } from 'drizzle-orm'
import { bigint, boolean, index, integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { instant } from './schema-columns.ts'
import { siteOf, xid8 } from './schema.ts'

/** How files of a site are read, under a name. */
export const importMappings = pgTable(
  'import_mappings',
  {
    site: siteOf(),
    name: text('name').notNull(),
    mapping: jsonb('mapping').$type<ImportMapping>().notNull(),
    changedAt: instant('changed_at').notNull(),
    changedBy: text('changed_by').notNull(),
  },
  (t) => [primaryKey({ columns: [t.site, t.name] })],
)

/** Files whose rows were sent as events. */
export const imports = pgTable(
  'imports',
  {
    site: siteOf(),
    id: bigint('id', { mode: 'number' }).notNull().generatedAlwaysAsIdentity(),
    file: text('file').notNull(),
    /** SHA-256 of the bytes of the file, hex. */
    fileHash: text('file_hash').notNull(),
    /** How the file was read. */
    options: jsonb('options').$type<Readonly<Record<string, unknown>>>().notNull(),
    actor: text('actor').notNull(),
    startedAt: instant('started_at').notNull(),
    /** Null: it is running, or its program died. */
    endedAt: instant('ended_at'),
    /** Why it did not come to the end of the file. */
    brokenOff: text('broken_off'),
    rows: integer('rows').notNull().default(0),
    accepted: integer('accepted').notNull().default(0),
    duplicate: integer('duplicate').notNull().default(0),
    rejected: integer('rejected').notNull().default(0),
    /** Transactions in between have added its events that count, by which these are found without an index of their own. */
    firstTx: xid8('first_tx')
      .notNull()
      .default(sql`pg_current_xact_id()`),
    lastTx: xid8('last_tx'),
    /** Since when it is being undone; null: it counts. */
    undoStartedAt: instant('undo_started_at'),
    undoActor: text('undo_actor'),
    undoReason: text('undo_reason'),
    /** Events that were taken back so far, and the position of the last one, which `firstTx` has added. */
    undone: integer('undone').notNull().default(0),
    undonePosition: bigint('undone_position', { mode: 'number' }).notNull().default(0),
    undoEndedAt: instant('undo_ended_at'),
    /** The server instance that reads the file, and when it last said so; null: a command reads it. */
    instance: text('instance'),
    aliveAt: instant('alive_at'),
    /** An ImportProgress; null: it has not begun. */
    progress: jsonb('progress').$type<ImportProgress>(),
    /** An ImportReport; null: it has not ended, or a command has run it. */
    report: jsonb('report').$type<ImportReport>(),
    /** Id of the upload that is read. */
    upload: text('upload'),
    /** Somebody has asked to stop it. */
    stopping: boolean('stopping').notNull().default(false),
  },
  (t) => [
    primaryKey({ columns: [t.site, t.id] }),
    // Whether the same file was imported before.
    index('imports_file').on(t.site, t.fileHash),
  ],
)

type StoredCheck = Omit<UploadCheck, 'progress' | 'report'>

/** Files that people send to be imported; their bytes lie in a folder. */
export const uploads = pgTable(
  'uploads',
  {
    site: siteOf(),
    id: text('id').notNull(),
    /** Who has sent it: kind and name. */
    senderKind: text('sender_kind').$type<(typeof actorKinds)[number]>().notNull(),
    sender: text('sender').notNull(),
    file: text('file').notNull(),
    bytes: bigint('bytes', { mode: 'number' }).notNull(),
    /** SHA-256 of its bytes, hex; null: they are not all there. */
    hash: text('hash'),
    /** The machine in whose folder it began. */
    host: text('host').notNull(),
    startedAt: instant('started_at').notNull(),
    /** When it may be deleted. */
    expiresAt: instant('expires_at').notNull(),
    /** An UploadCheck without its progress and report; null: none was asked for. */
    lastCheck: jsonb('last_check').$type<StoredCheck>(),
    /** The server instance that reads it for the check, and when it last said so. */
    instance: text('instance'),
    aliveAt: instant('alive_at'),
    progress: jsonb('progress').$type<ImportProgress>(),
    report: jsonb('report').$type<ImportReport>(),
    /** Somebody has asked to stop the check. */
    stopping: boolean('stopping').notNull().default(false),
  },
  (t) => [
    primaryKey({ columns: [t.site, t.id] }),
    // Those that are to be deleted.
    index('uploads_expired').on(t.expiresAt),
  ],
)
