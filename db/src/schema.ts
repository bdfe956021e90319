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

/** A plant or a company: nothing crosses sites, so every other key begins with one. */
export const sites = pgTable('sites', {
  code: text('code').primaryKey(),
  /** A LocalText: the name by language. */
  name: jsonb('name').$type<Readonly<Record<string, string>>>().notNull(),
  /** IANA zone of "today" on the site's screens. */
  timeZone: text('time_zone').notNull(),
  sample: boolean('sample').notNull().default(false),
  /** Process of orders that name none. */
  defaultProcess: text('default_process'),
  /** Goes up when orders fold otherwise than before, or were folded again; every server instance compares it with its own. */
  rulesVersion: integer('rules_version').notNull().default(0),
  /** Version of the rules that the orders have yet to be folded by again. Null: they have been. */
  rebuildVersion: integer('rebuild_version'),
  /** The server instance that is at it, until then unless it says so again. */
  rebuildOrigin: text('rebuild_origin'),
  rebuildUntil: instant('rebuild_until'),
  /** What of a Privacy is not open. */
  privacy: jsonb('privacy').notNull().default({}),
  /** Translations: names by language, by the text that events give. */
  translations: jsonb('translations').notNull().default({}),
  createdAt: instant('created_at').notNull().default(now),
})

/** The site that the row belongs to, and goes with. */
export const siteOf = () => site().references(() => sites.code, { onDelete: 'cascade' })

export const processes = pgTable(
  'processes',
  {
    site: siteOf(),
    code: text('code').notNull(),
    /** From when this version counts. */
    validFrom: instant('valid_from')
      .notNull()
      .default(sql`'-infinity'`),
    /** A ProcessDefinition. */
    definition: jsonb('definition').notNull(),
    updatedAt: instant('updated_at').notNull().default(now),
  },
  (t) => [primaryKey({ columns: [t.site, t.code, t.validFrom] })],
)

/** What processes may become; a draft counts for nothing until it is released. */
export const processDrafts = pgTable(
  'process_drafts',
  {
    site: siteOf(),
    process: text('process').notNull(),
    /** A ProcessDefinition. */
    definition: jsonb('definition').notNull(),
    /** Version of the process that it was made from. Null: there was none. */
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

/** Which calendar counts where no stage names one. */
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

/** Who changed what of the site's rules, written in the transaction of the change; nothing in it is ever changed. */
export const changes = pgTable(
  'changes',
  {
    site: site(),
    id: bigint('id', { mode: 'number' }).notNull().generatedAlwaysAsIdentity(),
    changedAt: instant('changed_at').notNull().default(now),
    /** What kind of actor; `key` before kinds were told apart. */
    actorKind: text('actor_kind').$type<(typeof actorKinds)[number]>().notNull().default('key'),
    actor: text('actor').notNull(),
    action: text('action').$type<(typeof changeActions)[number]>().notNull(),
    /** Code of what was changed. */
    subject: text('subject').notNull(),
    /** Null: there was nothing before. */
    before: jsonb('before'),
    after: jsonb('after'),
    /** Why, of what asks for a reason. */
    reason: text('reason'),
    /** From when a version of a process counts. Null: what was valid was corrected. */
    validFrom: instant('valid_from'),
  },
  (t) => [
    primaryKey({ columns: [t.site, t.id] }),
    // The releases of one process, the newest first.
    index('changes_subject').on(t.site, t.subject, t.id),
  ],
)

/** One row: the secret that seals the scope of a reading transaction. Only the owner of the tables reads it. */
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
    /** SHA-256 of the key in hex; the key itself is shown once and kept nowhere. */
    hash: text('hash').notNull(),
    /** The sources that it may send events of. Null: all. */
    sources: text('sources').array().$type<readonly string[]>(),
    createdAt: instant('created_at').notNull().default(now),
    revokedAt: instant('revoked_at'),
  },
  (t) => [
    primaryKey({ columns: [t.site, t.id] }),
    // Looks a caller up by what it sent.
    uniqueIndex('api_keys_hash').on(t.hash),
  ],
)

/** The truth: append-only. Nothing in it is ever updated or deleted; a correction is another event. */
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
    /** Which server instance wrote it, so that this one need not read its own events back. */
    origin: text('origin').notNull(),
    type: text('type').$type<EventType>().notNull(),
    orderId: text('order_id').notNull(),
    stage: text('stage'),
    occurredAt: instant('occurred_at').notNull(),
    actor: text('actor'),
    sequence: bigint('sequence', { mode: 'number' }),
    data: jsonb('data').$type<EventData>().notNull(),
    contentHash: text('content_hash').notNull(),
    /** Key that sent it. Null: a person or a command did, or it is older than this column. */
    keyId: text('key_id'),
    recordedAt: instant('recorded_at').notNull().default(now),
    /** It came with an import or a replay. */
    imported: boolean('imported').notNull().default(false),
    /** The import that brought it; null: none did, or it is older than this column. */
    importId: bigint('import_id', { mode: 'number' }),
  },
  (t) => [
    primaryKey({ columns: [t.site, t.source, t.id] }),
    // Folding reads the events of one order.
    index('events_order').on(t.site, t.orderId),
    // Other processes follow the log in this order.
    index('events_log').on(t.tx, t.position),
  ],
)

/** Events that could not be taken, as they came, with the reason. */
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
    /** What the event is, where that could be read: it is judged again when more is known of its order. */
    orderId: text('order_id'),
    source: text('source'),
    eventId: text('event_id'),
  },
  (t) => [
    primaryKey({ columns: [t.site, t.id] }),
    // What waits until it is known to which process an order belongs.
    index('quarantine_order').on(t.site, t.orderId),
  ],
)

/** The folded state of each order, written in the transaction of the events that made it. */
export const orders = pgTable(
  'orders',
  {
    site: site(),
    orderId: text('order_id').notNull(),
    /** How many events of the order the log holds: tells whether a remembered fold is still the newest. */
    eventCount: integer('event_count').notNull(),
    process: text('process').notNull(),
    /** `void`: every event of it was taken back. */
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
    /** When the hold ends by itself, which may have passed. */
    heldUntil: instant('held_until'),
    /** Holds that are over: [{ from, to }] in epoch ms. */
    holds: jsonb('holds')
      .$type<readonly HoldSpan[]>()
      .notNull()
      .default(sql`'[]'`),
    /** The rest of the order's attributes: class of the customer, quantity, amount, currency, priority, waybill. */
    attributes: jsonb('attributes')
      .$type<{ readonly [Name in keyof OrderAttributes]: OrderAttributes[Name] | undefined }>()
      .notNull(),
    reopenedCount: integer('reopened_count').notNull(),
    complaintCount: integer('complaint_count').notNull(),
  },
  (t) => [primaryKey({ columns: [t.site, t.orderId] })],
)

export const visits = pgTable(
  'visits',
  {
    site: site(),
    orderId: text('order_id').notNull(),
    /** Place among the order's visits, from 0. */
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
    /** [{ at, owner }] when the owner changed within the visit. */
    handovers: jsonb('handovers').$type<readonly Handover[]>(),
    /** { at, by } when somebody looks after it. */
    acknowledged: jsonb('acknowledged').$type<Acknowledgement>(),
    /** [{ at, cause }] when events said what it waits for. */
    waits: jsonb('waits').$type<readonly Wait[]>(),
    /** Epoch ms at which the order moved on within the visit, where nothing else of it says so. */
    progress: jsonb('progress').$type<readonly number[]>(),
    /** What was known of the order when the visit ended, where the order has changed since. */
    attributes: jsonb('attributes').$type<OrderAttributes>(),
  },
  (t) => [primaryKey({ columns: [t.site, t.orderId, t.visitIndex] })],
)

/** What late events, and those that take others back, changed of figures that had been shown; nothing in it changes. */
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
    // The newest corrections of a site.
    index('corrections_recorded').on(t.site, t.recordedAt),
  ],
)

/** State of each stage at the turn of each hour. */
export const stageHours = pgTable(
  'stage_hours',
  {
    site: site(),
    process: text('process').notNull(),
    stage: text('stage').notNull(),
    hourAt: instant('hour_at').notNull(),
    wipCount: integer('wip_count').notNull(),
    overdueCount: integer('overdue_count').notNull(),
    /** The stage's source was silent at that time, so the counts say little. */
    missing: boolean('missing').notNull(),
  },
  (t) => [primaryKey({ columns: [t.site, t.process, t.stage, t.hourAt] })],
)
