import type { actorKinds } from '@stagewatch/shared/contract/changes.ts'
import type { FileProblem } from '@stagewatch/shared/contract/file-problem.ts'
import type { ImportMapping } from '@stagewatch/shared/contract/import-mapping.ts'
import type { ImportReport } from '@stagewatch/shared/contract/import-report.ts'
import type { ImportProgress } from '@stagewatch/shared/contract/imports.ts'
import type { UploadCheck } from '@stagewatch/shared/contract/uploads.ts'
import { sql } from 'drizzle-orm'
import { bigint, boolean, index, integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { instant } from './schema-columns.ts'
import { siteOf, xid8 } from './schema.ts'

/** Named mappings for reading files of a site. */
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
    /** SHA-256 of the file's bytes, hex. */
    fileHash: text('file_hash').notNull(),
    /** Options with which the file was read. */
    options: jsonb('options').$type<Readonly<Record<string, unknown>>>().notNull(),
    actor: text('actor').notNull(),
    startedAt: instant('started_at').notNull(),
    /** Null: it is running, or its program died. */
    endedAt: instant('ended_at'),
    /** Why it was aborted before the end of the file. */
    brokenOff: text('broken_off'),
    /** The same for pages, which localize it. Null: pages have no text for it. */
    brokenOffCause: jsonb('broken_off_cause').$type<FileProblem>(),
    rows: integer('rows').notNull().default(0),
    accepted: integer('accepted').notNull().default(0),
    duplicate: integer('duplicate').notNull().default(0),
    rejected: integer('rejected').notNull().default(0),
    /** Its events that still count were added by transactions in this range, so they need no index of their own. */
    firstTx: xid8('first_tx')
      .notNull()
      .default(sql`pg_current_xact_id()`),
    lastTx: xid8('last_tx'),
    /** When undoing started. Null: the import is in effect. */
    undoStartedAt: instant('undo_started_at'),
    undoActor: text('undo_actor'),
    undoReason: text('undo_reason'),
    /** Number of events voided so far, and the position of the last one, whose transaction is `firstTx`. */
    undone: integer('undone').notNull().default(0),
    undonePosition: bigint('undone_position', { mode: 'number' }).notNull().default(0),
    undoEndedAt: instant('undo_ended_at'),
    /** The server instance that reads the file, and its last heartbeat. Null: a command reads it. */
    instance: text('instance'),
    aliveAt: instant('alive_at'),
    /** An ImportProgress. Null: it has not started. */
    progress: jsonb('progress').$type<ImportProgress>(),
    /** An ImportReport. Null: it has not ended, or it was run by a command. */
    report: jsonb('report').$type<ImportReport>(),
    /** Id of the upload that it reads. */
    upload: text('upload'),
    /** Somebody has requested to stop it. */
    stopping: boolean('stopping').notNull().default(false),
  },
  (t) => [
    primaryKey({ columns: [t.site, t.id] }),
    // For finding earlier imports of the same file.
    index('imports_file').on(t.site, t.fileHash),
  ],
)

type StoredCheck = Omit<UploadCheck, 'progress' | 'report'>

/** Uploaded files; their bytes are stored in a folder. */
export const uploads = pgTable(
  'uploads',
  {
    site: siteOf(),
    id: text('id').notNull(),
    /** Kind and name of the sender. */
    senderKind: text('sender_kind').$type<(typeof actorKinds)[number]>().notNull(),
    sender: text('sender').notNull(),
    file: text('file').notNull(),
    bytes: bigint('bytes', { mode: 'number' }).notNull(),
    /** SHA-256 of its bytes, hex. Null: the upload is incomplete. */
    hash: text('hash'),
    /** The machine whose folder contains the bytes. */
    host: text('host').notNull(),
    startedAt: instant('started_at').notNull(),
    /** When it may be deleted. */
    expiresAt: instant('expires_at').notNull(),
    /** An UploadCheck without its progress and report. Null: none was requested. */
    lastCheck: jsonb('last_check').$type<StoredCheck>(),
    /** The server instance that reads it for the check, and its last heartbeat. */
    instance: text('instance'),
    aliveAt: instant('alive_at'),
    progress: jsonb('progress').$type<ImportProgress>(),
    report: jsonb('report').$type<ImportReport>(),
    /** Somebody has requested to stop the check. */
    stopping: boolean('stopping').notNull().default(false),
  },
  (t) => [
    primaryKey({ columns: [t.site, t.id] }),
    // For finding expired uploads.
    index('uploads_expired').on(t.expiresAt),
  ],
)
