import type { WebhookDelivery, WebhookEvent } from '@stagewatch/shared/contract/webhooks.ts'
import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  foreignKey,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core'
import { instant, site } from './schema-columns.ts'
import { siteOf } from './schema.ts'

/** Tasks that only one server instance at a time may perform, with an expiry that the holder has to renew. */
export const leases = pgTable('leases', {
  name: text('name').primaryKey(),
  /** Origin of the server instance. */
  owner: text('owner').notNull(),
  /** By the clock of the database. */
  expiresAt: instant('expires_at').notNull(),
})

/** Read position of each consumer of the log, written in the same transaction as the consumer's results. */
export const logConsumers = pgTable('log_consumers', {
  name: text('name').primaryKey(),
  tx: text('tx').notNull(),
  position: bigint('position', { mode: 'bigint' }).notNull(),
})

/**
 * Starts and ends of overdue visits and bottlenecks: those that were already processed, so that no server instance
 * processes them again.
 */
export const transitions = pgTable(
  'transitions',
  {
    site: site(),
    id: bigint('id', { mode: 'number' }).notNull().generatedAlwaysAsIdentity(),
    kind: text('kind').$type<'overdue' | 'bottleneck'>().notNull(),
    process: text('process').notNull(),
    /** Empty for transitions of a whole stage. */
    orderId: text('order_id').notNull().default(''),
    stage: text('stage').notNull(),
    /** `nth` of the order's visit of the stage, from 1; 0: none. */
    nth: integer('nth').notNull().default(0),
    beganAt: instant('began_at').notNull(),
    /** Null: it has not ended. */
    endedAt: instant('ended_at'),
    /** It began before the import that reports it, so nobody is notified. */
    imported: boolean('imported').notNull().default(false),
  },
  (t) => [
    primaryKey({ columns: [t.site, t.id] }),
    // Several instances may detect the same start; it is recorded once.
    uniqueIndex('transitions_once').on(t.site, t.kind, t.orderId, t.process, t.stage, t.nth, t.beganAt),
    // A visit has at most one open overdue record, even if its limit moves meanwhile.
    uniqueIndex('transitions_open_visit')
      .on(t.site, t.kind, t.orderId, t.stage, t.nth)
      .where(sql`ended_at is null and order_id <> ''`),
    // What began within a shift.
    index('transitions_began').on(t.site, t.kind, t.beganAt),
    // A process has at most one bottleneck at a time.
    uniqueIndex('transitions_open_stage')
      .on(t.site, t.kind, t.process)
      .where(sql`ended_at is null and order_id = ''`),
  ],
)

/** Jobs with at-least-once execution, added in the transaction that requires them and deleted when done. */
export const jobs = pgTable(
  'jobs',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    queue: text('queue').notNull(),
    /** Identifies the job within its queue, where it exists at most once. */
    key: text('key').notNull(),
    site: site(),
    runAt: instant('run_at').notNull(),
    attempt: integer('attempt').notNull().default(0),
    /** By the clock of the database: a server instance is working on it until then. */
    leasedUntil: instant('leased_until'),
    lastError: text('last_error'),
    /** When it was given up. */
    deadAt: instant('dead_at'),
  },
  (t) => [
    // An existing job is not added again.
    uniqueIndex('jobs_key').on(t.queue, t.key),
    // For the next due job.
    index('jobs_due')
      .on(t.queue, t.runAt)
      .where(sql`dead_at is null`),
  ],
)

/** Webhooks of a site. */
export const webhooks = pgTable(
  'webhooks',
  {
    site: siteOf(),
    id: text('id').notNull(),
    name: text('name').notNull(),
    url: text('url').notNull(),
    events: text('events').array().$type<WebhookEvent[]>().notNull(),
    enabled: boolean('enabled').notNull().default(true),
    /**
     * The secret and the previous one as JSON, encrypted like the secrets of channels. Not as hashes, because they are
     * needed for signing. Null: they are in the next two columns only.
     */
    sealed: text('sealed'),
    /** As shown to the user, for instances of earlier versions, which cannot read `sealed`; otherwise empty. */
    secret: text('secret').notNull(),
    previousSecret: text('previous_secret'),
    /** The previous secret also signs until then. */
    previousUntil: instant('previous_until'),
    createdAt: instant('created_at').notNull(),
    /** Every attempt since then has failed. Null: the last one succeeded. */
    failingSince: instant('failing_since'),
    /** It was disabled because it kept failing. */
    disabledAt: instant('disabled_at'),
  },
  (t) => [primaryKey({ columns: [t.site, t.id] })],
)

/** Messages to webhooks, with the state of their delivery. */
export const webhookDeliveries = pgTable(
  'webhook_deliveries',
  {
    site: site(),
    /** Identifies the message to its receiver, who may get it twice. */
    id: text('id').notNull(),
    webhookId: text('webhook_id').notNull(),
    /** What the message is about; a webhook gets one message for each. */
    subject: text('subject').notNull(),
    type: text('type').$type<WebhookDelivery['type']>().notNull(),
    body: text('body').notNull(),
    createdAt: instant('created_at').notNull(),
    /** `pending`, `delivered` or `failed`. */
    state: text('state').$type<WebhookDelivery['state']>().notNull().default('pending'),
    attemptCount: integer('attempt_count').notNull().default(0),
    lastAttemptAt: instant('last_attempt_at'),
    nextAttemptAt: instant('next_attempt_at'),
    /** HTTP status of the last response. Null: there was none. */
    lastStatus: integer('last_status'),
    lastError: text('last_error'),
  },
  (t) => [
    primaryKey({ columns: [t.site, t.id] }),
    // Deleted together with their webhook.
    foreignKey({ columns: [t.site, t.webhookId], foreignColumns: [webhooks.site, webhooks.id] }).onDelete('cascade'),
    // A webhook gets one message per subject.
    uniqueIndex('webhook_deliveries_once').on(t.site, t.webhookId, t.subject),
    // For the newest messages of a webhook.
    index('webhook_deliveries_created').on(t.site, t.webhookId, t.createdAt, t.id),
  ],
)
