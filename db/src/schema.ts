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
import { instant, site } from './columns.ts'

/** 64-bit transaction id: orders the log by commit visibility, unlike the position alone. */
const xid8 = customType<{ data: string }>({ dataType: () => 'xid8' })

/** A plant or a company: nothing crosses sites, so every other key begins with one. */
export const sites = pgTable('sites', {
  code: text('code').primaryKey(),
  nameZh: text('name_zh').notNull(),
  nameEn: text('name_en').notNull(),
  /** IANA zone of "today" on the site's screens. */
  timeZone: text('time_zone').notNull(),
  sample: boolean('sample').notNull().default(false),
  /** Process of orders that name none. */
  defaultProcess: text('default_process'),
  /** Goes up when orders fold otherwise than before, or were folded again; every process holds it against its own. */
  rulesVersion: integer('rules_version').notNull().default(0),
  createdAt: instant('created_at').notNull().defaultNow(),
})

export const processes = pgTable(
  'processes',
  {
    site: site(),
    code: text('code').notNull(),
    /** From when this version counts. */
    validFrom: instant('valid_from')
      .notNull()
      .default(sql`'-infinity'`),
    /** A ProcessDefinition. */
    definition: jsonb('definition').notNull(),
    updatedAt: instant('updated_at').notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.site, t.code, t.validFrom] })],
)

export const calendars = pgTable(
  'calendars',
  {
    site: site(),
    code: text('code').notNull(),
    /** A CalendarDefinition. */
    definition: jsonb('definition').notNull(),
    updatedAt: instant('updated_at').notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.site, t.code] })],
)

/** Which calendar counts where no stage names one. */
export const calendarChoices = pgTable(
  'calendar_choices',
  {
    site: site(),
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
    changedAt: instant('changed_at').notNull().defaultNow(),
    actor: text('actor').notNull(),
    action: text('action').notNull(),
    /** Code of what was changed. */
    subject: text('subject').notNull(),
    /** Null: there was nothing before. */
    before: jsonb('before'),
    after: jsonb('after'),
  },
  (t) => [primaryKey({ columns: [t.site, t.id] })],
)

export const apiKeys = pgTable(
  'api_keys',
  {
    site: site(),
    id: text('id').notNull(),
    name: text('name').notNull(),
    scopes: text('scopes').array().notNull(),
    /** SHA-256 of the key in hex; the key itself is shown once and kept nowhere. */
    hash: text('hash').notNull(),
    createdAt: instant('created_at').notNull().defaultNow(),
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
    /** Which server process wrote it, so that this process need not read its own events back. */
    origin: text('origin').notNull(),
    type: text('type').notNull(),
    orderId: text('order_id').notNull(),
    stage: text('stage'),
    occurredAt: instant('occurred_at').notNull(),
    actor: text('actor'),
    sequence: bigint('sequence', { mode: 'number' }),
    data: jsonb('data').notNull(),
    contentHash: text('content_hash').notNull(),
    recordedAt: instant('recorded_at').notNull().defaultNow(),
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
    receivedAt: instant('received_at').notNull().defaultNow(),
    /** Name of the key that sent it. */
    sender: text('sender').notNull(),
    code: text('code').notNull(),
    field: text('field'),
    message: text('message').notNull(),
    raw: text('raw').notNull(),
  },
  (t) => [primaryKey({ columns: [t.site, t.id] })],
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
    status: text('status').notNull(),
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
    /** Holds that are over: [{ from, to }] in epoch ms. */
    holds: jsonb('holds')
      .notNull()
      .default(sql`'[]'`),
    /** The rest of the order's facts: quantity, amount, currency, priority. */
    facts: jsonb('facts').notNull(),
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
    handovers: jsonb('handovers'),
    /** [{ at, cause }] when events said what it waits for. */
    waits: jsonb('waits'),
  },
  (t) => [primaryKey({ columns: [t.site, t.orderId, t.visitIndex] })],
)

/** What late events, and those that take others back, changed of figures that had been shown; nothing in it changes. */
export const corrections = pgTable(
  'corrections',
  {
    site: site(),
    id: bigint('id', { mode: 'number' }).notNull().generatedAlwaysAsIdentity(),
    recordedAt: instant('recorded_at').notNull().defaultNow(),
    orderId: text('order_id').notNull(),
    process: text('process').notNull(),
    /** [{ source, id, type }] */
    events: jsonb('events').notNull(),
    /** Visits: [{ stage, nth, enteredAt, leftAt?, cancelled? }] in epoch ms. */
    removed: jsonb('removed').notNull(),
    added: jsonb('added').notNull(),
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

/** Systems that send events. */
export const sources = pgTable(
  'sources',
  {
    site: site(),
    source: text('source').notNull(),
    nameZh: text('name_zh').notNull(),
    nameEn: text('name_en').notNull(),
    /** How often it is expected to report; null: nobody has said. */
    intervalMs: bigint('interval_ms', { mode: 'number' }),
    lastReceivedAt: instant('last_received_at'),
    /** Stages that it has sent events of. */
    stages: text('stages')
      .array()
      .notNull()
      .default(sql`'{}'`),
  },
  (t) => [primaryKey({ columns: [t.site, t.source] })],
)
