import type { KeyScope } from '@stagewatch/shared/contract/admin.ts'
import type { actorKinds, changeActions } from '@stagewatch/shared/contract/changes.ts'
import type { ProblemCode } from '@stagewatch/shared/contract/problem.ts'
import type { CorrectedVisit } from '@stagewatch/shared/domain/correction.ts'
import type { HoldSpan, OrderStatus } from '@stagewatch/shared/domain/fold-state.ts'
import type { OrderAttributes } from '@stagewatch/shared/domain/order-attributes.ts'
import type { EventData, EventType } from '@stagewatch/shared/domain/order-event.ts'
import type { Acknowledgement, Handover, Wait } from '@stagewatch/shared/domain/stage-visit.ts'
import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  customType,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core'
import { instant, now, site } from './schema-columns.ts'

/** 64-bit transaction id: orders the log by commit visibility, unlike the position alone. */
export const xid8 = customType<{ data: string }>({ dataType: () => 'xid8' })

/** A plant or a company. Data of different sites is separated, so every other key begins with one. */
export const sites = pgTable('sites', {
  code: text('code').primaryKey(),
  /** A LocalText: the name by language. */
  name: jsonb('name').$type<Readonly<Record<string, string>>>().notNull(),
  /** IANA zone that defines "today" on the site's screens. */
  timeZone: text('time_zone').notNull(),
  sample: boolean('sample').notNull().default(false),
  /** Process for orders that name none. */
  defaultProcess: text('default_process'),
  /** Incremented when orders fold differently or were folded again; every server instance compares it with its own. */
  rulesVersion: integer('rules_version').notNull().default(0),
  /** Version of the rules with which the orders still have to be folded again. Null: done. */
  rebuildVersion: integer('rebuild_version'),
  /** The server instance that does the rebuild, and the expiry of its lease. */
  rebuildOrigin: text('rebuild_origin'),
  rebuildUntil: instant('rebuild_until'),
  /** The restrictions of a Privacy. */
  privacy: jsonb('privacy').notNull().default({}),
  /** Translations: names by language, by the text that events use. */
  translations: jsonb('translations').notNull().default({}),
  /** Skills that people can have, see Skill. */
  skills: jsonb('skills').notNull().default([]),
  /** When ended orders are archived, see Retention. */
  retention: jsonb('retention').notNull().default({}),
  /** How tasks are assigned and closed, see TaskRules. Null: nobody has said. */
  taskRules: jsonb('task_rules'),
  createdAt: instant('created_at').notNull().default(now),
})

/** The site to which the row belongs; the row is deleted with it. */
export const siteOf = () => site().references(() => sites.code, { onDelete: 'cascade' })

export const processes = pgTable(
  'processes',
  {
    site: siteOf(),
    code: text('code').notNull(),
    /** From when this version applies. */
    validFrom: instant('valid_from')
      .notNull()
      .default(sql`'-infinity'`),
    /** A ProcessDefinition. */
    definition: jsonb('definition').notNull(),
    updatedAt: instant('updated_at').notNull().default(now),
  },
  (t) => [primaryKey({ columns: [t.site, t.code, t.validFrom] })],
)

/** Proposed versions of processes; a draft has no effect until it is released. */
export const processDrafts = pgTable(
  'process_drafts',
  {
    site: siteOf(),
    process: text('process').notNull(),
    /** A ProcessDefinition. */
    definition: jsonb('definition').notNull(),
    /** Version of the process on which it is based. Null: the process did not exist. */
    base: text('base'),
    savedAt: instant('saved_at').notNull(),
    actorKind: text('actor_kind').$type<(typeof actorKinds)[number]>().notNull(),
    actor: text('actor').notNull(),
  },
  (t) => [primaryKey({ columns: [t.site, t.process] })],
)

export const calendars = pgTable(
  'calendars',
  {
    site: siteOf(),
    code: text('code').notNull(),
    /** A CalendarDefinition. */
    definition: jsonb('definition').notNull(),
    updatedAt: instant('updated_at').notNull().default(now),
  },
  (t) => [primaryKey({ columns: [t.site, t.code] })],
)

/** Calendars that apply if a stage names none. */
export const calendarChoices = pgTable(
  'calendar_choices',
  {
    site: siteOf(),
    /** Empty: the site itself. */
    department: text('department').notNull(),
    calendar: text('calendar').notNull(),
  },
  (t) => [primaryKey({ columns: [t.site, t.department] })],
)

/** Who changed what in the site's rules, written in the transaction of the change; append-only. */
export const changes = pgTable(
  'changes',
  {
    site: site(),
    id: bigint('id', { mode: 'number' }).notNull().generatedAlwaysAsIdentity(),
    changedAt: instant('changed_at').notNull().default(now),
    /** Kind of actor; `key` in rows from before kinds were recorded. */
    actorKind: text('actor_kind').$type<(typeof actorKinds)[number]>().notNull().default('key'),
    actor: text('actor').notNull(),
    action: text('action').$type<(typeof changeActions)[number]>().notNull(),
    /** Code of the changed object. */
    subject: text('subject').notNull(),
    /** Null: it did not exist before. */
    before: jsonb('before'),
    after: jsonb('after'),
    /** Reason, for changes that require one. */
    reason: text('reason'),
    /** From when a version of a process applies. Null: the version in force was corrected. */
    validFrom: instant('valid_from'),
    /** For sealing the changes in the order of their commits. */
    tx: xid8('tx')
      .notNull()
      .default(sql`pg_current_xact_id()`),
  },
  (t) => [
    primaryKey({ columns: [t.site, t.id] }),
    index('changes_log').on(t.tx, t.id),
    // For the releases of one process, newest first.
    index('changes_subject').on(t.site, t.subject, t.id),
  ],
)

/** One row: the secret that seals the scope of a reading transaction. Only the owner of the tables can read it. */
export const readerSeals = pgTable('reader_seals', {
  id: integer('id').primaryKey().default(1),
  secret: text('secret').notNull(),
})

export const apiKeys = pgTable(
  'api_keys',
  {
    site: siteOf(),
    id: text('id').notNull(),
    name: text('name').notNull(),
    scopes: text('scopes').array().$type<KeyScope[]>().notNull(),
    /** SHA-256 of the key, hex; the key itself is shown once and not stored. */
    hash: text('hash').notNull(),
    /** The sources whose events it may send. Null: all. */
    sources: text('sources').array().$type<readonly string[]>(),
    createdAt: instant('created_at').notNull().default(now),
    revokedAt: instant('revoked_at'),
  },
  (t) => [
    primaryKey({ columns: [t.site, t.id] }),
    // For looking up a caller by the hash of its key.
    uniqueIndex('api_keys_hash').on(t.hash),
  ],
)

/**
 * The source of truth: append-only. Rows are never updated; a correction is another event. They are deleted only after
 * they have been written to an archive.
 */
export const events = pgTable(
  'events',
  {
    site: site(),
    source: text('source').notNull(),
    id: text('id').notNull(),
    position: bigint('position', { mode: 'bigint' }).notNull().generatedAlwaysAsIdentity(),
    tx: xid8('tx')
      .notNull()
      .default(sql`pg_current_xact_id()`),
    /** The server instance that wrote it, so that it need not read its own events back. */
    origin: text('origin').notNull(),
    type: text('type').$type<EventType>().notNull(),
    orderId: text('order_id').notNull(),
    stage: text('stage'),
    occurredAt: instant('occurred_at').notNull(),
    actor: text('actor'),
    sequence: bigint('sequence', { mode: 'number' }),
    data: jsonb('data').$type<EventData>().notNull(),
    contentHash: text('content_hash').notNull(),
    /** Key that sent it. Null: it was sent by a person or a command, or is older than this column. */
    keyId: text('key_id'),
    recordedAt: instant('recorded_at').notNull().default(now),
    /** It came with an import or a replay. */
    imported: boolean('imported').notNull().default(false),
    /** The import that added it. Null: none, or it is older than this column. */
    importId: bigint('import_id', { mode: 'number' }),
  },
  (t) => [
    primaryKey({ columns: [t.site, t.source, t.id] }),
    // For folding, which reads the events of one order.
    index('events_order').on(t.site, t.orderId),
    // Other processes read the log in this order.
    index('events_log').on(t.tx, t.position),
  ],
)

/** Rejected events as they were received, with the reason. */
export const quarantine = pgTable(
  'quarantine',
  {
    site: site(),
    id: bigint('id', { mode: 'number' }).notNull().generatedAlwaysAsIdentity(),
    receivedAt: instant('received_at').notNull().default(now),
    /** Name of the key that sent it. */
    sender: text('sender').notNull(),
    code: text('code').$type<ProblemCode>().notNull(),
    field: text('field'),
    message: text('message').notNull(),
    raw: text('raw').notNull(),
    /** Fields of the event, as far as readable: it is validated again when more is known about its order. */
    orderId: text('order_id'),
    source: text('source'),
    eventId: text('event_id'),
  },
  (t) => [
    primaryKey({ columns: [t.site, t.id] }),
    // For events that wait until the process of their order is known.
    index('quarantine_order').on(t.site, t.orderId),
  ],
)

/** The folded state of each order, written in the transaction of its events. */
export const orders = pgTable(
  'orders',
  {
    site: site(),
    orderId: text('order_id').notNull(),
    /** Number of the order's events in the log, which shows whether a cached fold is current. */
    eventCount: integer('event_count').notNull(),
    process: text('process').notNull(),
    /** `void`: all its events were voided. */
    status: text('status').$type<OrderStatus | 'void'>().notNull(),
    customer: text('customer'),
    product: text('product'),
    department: text('department'),
    promisedAt: instant('promised_at'),
    placedAt: instant('placed_at'),
    firstAt: instant('first_at'),
    endedAt: instant('ended_at'),
    lastProgressAt: instant('last_progress_at'),
    lastEventAt: instant('last_event_at'),
    heldSince: instant('held_since'),
    /** When the hold ends by itself; this may be in the past. */
    heldUntil: instant('held_until'),
    /** Past holds: [{ from, to }] in epoch ms. */
    holds: jsonb('holds')
      .$type<readonly HoldSpan[]>()
      .notNull()
      .default(sql`'[]'`),
    /** The other attributes of the order: class of the customer, quantity, amount, currency, priority, waybill. */
    attributes: jsonb('attributes')
      .$type<{ readonly [Name in keyof OrderAttributes]: OrderAttributes[Name] | undefined }>()
      .notNull(),
    reopenedCount: integer('reopened_count').notNull(),
    complaintCount: integer('complaint_count').notNull(),
    /** The archive that has its events, which are no longer in the log. Null: they are in the log. */
    archiveId: bigint('archive_id', { mode: 'number' }),
    /** When its events came back from an archive. Null: never. */
    restoredAt: instant('restored_at'),
  },
  (t) => [
    primaryKey({ columns: [t.site, t.orderId] }),
    // For restoring a whole archive.
    index('orders_archive')
      .on(t.site, t.archiveId)
      .where(sql`archive_id is not null`),
  ],
)

export const visits = pgTable(
  'visits',
  {
    site: site(),
    orderId: text('order_id').notNull(),
    /** Index among the order's visits, from 0. */
    visitIndex: integer('visit_index').notNull(),
    stage: text('stage').notNull(),
    nth: integer('nth').notNull(),
    enteredAt: instant('entered_at').notNull(),
    startedAt: instant('started_at'),
    leftAt: instant('left_at'),
    heldMs: bigint('held_ms', { mode: 'number' }).notNull(),
    heldSince: instant('held_since'),
    cancelled: boolean('cancelled').notNull(),
    owner: text('owner'),
    department: text('department'),
    reason: text('reason'),
    /** [{ at, owner }] if the owner changed within the visit. */
    handovers: jsonb('handovers').$type<readonly Handover[]>(),
    /** { at, by } if somebody has acknowledged it. */
    acknowledged: jsonb('acknowledged').$type<Acknowledgement>(),
    /** [{ at, cause }] if events reported causes of waiting. */
    waits: jsonb('waits').$type<readonly Wait[]>(),
    /** Epoch ms of progress within the visit, other than what the other columns contain. */
    progress: jsonb('progress').$type<readonly number[]>(),
    /** Epoch ms of reports of the order's position within the visit. */
    positions: jsonb('positions').$type<readonly number[]>(),
    /** Attributes of the order when the visit ended, if the order has changed since. */
    attributes: jsonb('attributes').$type<OrderAttributes>(),
  },
  (t) => [primaryKey({ columns: [t.site, t.orderId, t.visitIndex] })],
)

/** Changes that late events and voids made to figures that had already been shown; append-only. */
export const corrections = pgTable(
  'corrections',
  {
    site: site(),
    id: bigint('id', { mode: 'number' }).notNull().generatedAlwaysAsIdentity(),
    recordedAt: instant('recorded_at').notNull().default(now),
    orderId: text('order_id').notNull(),
    process: text('process').notNull(),
    events: jsonb('events')
      .$type<readonly { readonly source: string; readonly id: string; readonly type: EventType }[]>()
      .notNull(),
    /** Visits, with instants in epoch ms. */
    removed: jsonb('removed').$type<readonly CorrectedVisit[]>().notNull(),
    added: jsonb('added').$type<readonly CorrectedVisit[]>().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.site, t.id] }),
    // For the newest corrections of a site.
    index('corrections_recorded').on(t.site, t.recordedAt),
    // For archiving those of ended orders, and for those of one order.
    index('corrections_order').on(t.site, t.orderId),
  ],
)

/** State of each stage at the start of each hour. */
export const stageHours = pgTable(
  'stage_hours',
  {
    site: site(),
    process: text('process').notNull(),
    stage: text('stage').notNull(),
    hourAt: instant('hour_at').notNull(),
    wipCount: integer('wip_count').notNull(),
    overdueCount: integer('overdue_count').notNull(),
    /** The stage's source was silent at that time, so the counts are unreliable. */
    missing: boolean('missing').notNull(),
  },
  (t) => [primaryKey({ columns: [t.site, t.process, t.stage, t.hourAt] })],
)
