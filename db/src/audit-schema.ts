import type { actorKinds } from '@stagewatch/shared/contract/changes.ts'
import type { ErasureKind } from '@stagewatch/shared/contract/erasures.ts'
import { sql } from 'drizzle-orm'
import { bigint, customType, index, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { instant, now, site } from './schema-columns.ts'
import { siteOf, xid8 } from './schema.ts'

/** Whole numbers as a few ranges, for example `{[1,5),[7,9)}`. */
const multirange = customType<{ data: string }>({ dataType: () => 'int8multirange' })

const bytes = customType<{ data: string }>({ dataType: () => 'bytea' })

/** What is sealed: the events of all sites, and the changes to their rules. */
export type AuditStream = 'events' | 'changes'

/**
 * Seals of the record, in a chain per site and stream: the hash of each depends on its rows and on the seal before it.
 * Append-only.
 */
export const auditSeals = pgTable(
  'audit_seals',
  {
    site: site(),
    stream: text('stream').$type<AuditStream>().notNull(),
    /** From 1, without gaps. */
    seq: integer('seq').notNull(),
    /** Positions of the sealed rows. Those of neighbouring seals overlap where transactions ran at the same time. */
    positions: multirange('positions').notNull(),
    firstPosition: bigint('first_position', { mode: 'bigint' }).notNull(),
    lastPosition: bigint('last_position', { mode: 'bigint' }).notNull(),
    rowCount: integer('row_count').notNull(),
    /** SHA-256 of the previous hash and of the hashes of the rows by position, hex. */
    hash: text('hash').notNull(),
    sealedAt: instant('sealed_at').notNull().default(now),
  },
  (t) => [
    primaryKey({ columns: [t.site, t.stream, t.seq] }),
    // For the seals that contain a position.
    index('audit_seals_positions').on(t.stream, t.site, t.lastPosition),
    // For the list of chains.
    index('audit_seals_chains')
      .on(t.site, t.stream)
      .where(sql`seq = 1`),
  ],
)

/**
 * Hashes of sealed rows whose content was lawfully changed since, because personal data was removed from them.
 * Append-only.
 */
export const auditLeaves = pgTable(
  'audit_leaves',
  {
    stream: text('stream').$type<AuditStream>().notNull(),
    position: bigint('position', { mode: 'bigint' }).notNull(),
    site: site(),
    /** Orders the changes of one row. */
    id: bigint('id', { mode: 'number' }).notNull().generatedAlwaysAsIdentity(),
    /** Hash of the row before, hex: as it was sealed, or as the previous change left it. */
    before: text('before').notNull(),
    /** Hash of the row after. */
    after: text('after').notNull(),
    /** What the change was part of, see `erasures`. */
    erasureId: text('erasure_id').notNull(),
  },
  (t) => [primaryKey({ columns: [t.stream, t.position, t.id] }), index('audit_leaves_erasure').on(t.erasureId)],
)

/** Hashes of sealed events that are in archives instead of the log, by seal, so that the seal can be verified. */
export const auditArchived = pgTable(
  'audit_archived',
  {
    site: site(),
    seq: integer('seq').notNull(),
    archiveId: bigint('archive_id', { mode: 'number' }).notNull(),
    positions: multirange('positions').notNull(),
    /** The hashes with which the events were sealed, by position, 32 bytes each. */
    leaves: bytes('leaves').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.site, t.seq, t.archiveId] }),
    index('audit_archived_archive').on(t.site, t.archiveId),
  ],
)

/** Up to where each stream is sealed. Not part of backups, because transaction ids mean nothing elsewhere. */
export const auditCursors = pgTable('audit_cursors', {
  stream: text('stream').$type<AuditStream>().primaryKey(),
  tx: xid8('tx')
    .notNull()
    .default(sql`'0'`),
  position: bigint('position', { mode: 'bigint' })
    .notNull()
    .default(sql`-1`),
})

/** Removals of the personal data of a customer or an employee from a site. */
export const erasures = pgTable(
  'erasures',
  {
    site: siteOf(),
    id: text('id').notNull(),
    kind: text('kind').$type<ErasureKind>().notNull(),
    /** The name that is removed. Null once it is. */
    name: text('name'),
    /** What stands in its place. */
    pseudonym: text('pseudonym').notNull(),
    reason: text('reason').notNull(),
    actorKind: text('actor_kind').$type<(typeof actorKinds)[number]>().notNull(),
    actor: text('actor').notNull(),
    requestedAt: instant('requested_at').notNull(),
    /** The last event that was looked at. */
    tx: xid8('tx')
      .notNull()
      .default(sql`'0'`),
    position: bigint('position', { mode: 'bigint' })
      .notNull()
      .default(sql`-1`),
    /** Number of changed events, and of rows of other tables. */
    eventCount: integer('event_count').notNull().default(0),
    rowCount: integer('row_count').notNull().default(0),
    /** Null: it is not done. */
    doneAt: instant('done_at'),
  },
  (t) => [primaryKey({ columns: [t.site, t.id] })],
)
