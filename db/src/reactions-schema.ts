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

/** What one server instance at a time may do, until when it may do it unless it says so again. */
export const leases = pgTable('leases', {
  name: text('name').primaryKey(),
  /** Origin of the server instance. */
  owner: text('owner').notNull(),
  /** By the clock of the database. */
  expiresAt: instant('expires_at').notNull(),
})

/** How far each consumer of the log has read, written in the transaction of what it has done. */
export const logConsumers = pgTable('log_consumers', {
  name: text('name').primaryKey(),
  tx: text('tx').notNull(),
  position: bigint('position', { mode: 'bigint' }).notNull(),
})

/**
 * What began to be overdue, or to be a bottleneck, and when that ended: what has been acted upon, so that no server
 * instance acts upon it again.
 */
export const transitions = pgTable(
  'transitions',
  {
    site: site(),
    id: bigint('id', { mode: 'number' }).notNull().generatedAlwaysAsIdentity(),
    kind: text('kind').$type<'overdue' | 'bottleneck'>().notNull(),
    process: text('process').notNull(),
    /** Empty: it is about the stage as a whole. */
    orderId: text('order_id').notNull().default(''),
    stage: text('stage').notNull(),
    /** Which of the order's visits of the stage, from 1; 0: none. */
    nth: integer('nth').notNull().default(0),
    beganAt: instant('began_at').notNull(),
    /** Null: it has not ended. */
    endedAt: instant('ended_at'),
    /** It began before an import that tells of it, so that nobody is told. */
    imported: boolean('imported').notNull().default(false),
  },
  (t) => [
    primaryKey({ columns: [t.site, t.id] }),
    // The same beginning is recorded once, whichever instances see it.
    uniqueIndex('transitions_once').on(t.site, t.kind, t.orderId, t.process, t.stage, t.nth, t.beganAt),
    // A visit is overdue once at a time, even if its limit moves meanwhile.
    uniqueIndex('transitions_open_visit')
      .on(t.site, t.kind, t.orderId, t.stage, t.nth)
      .where(sql`ended_at is null and order_id <> ''`),
    // A process has one bottleneck at a time.
    uniqueIndex('transitions_open_stage')
      .on(t.site, t.kind, t.process)
      .where(sql`ended_at is null and order_id = ''`),
  ],
)

/** What has to be done at least once, added in the transaction that makes it necessary; gone when it is done. */
export const jobs = pgTable(
  'jobs',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    queue: text('queue').notNull(),
    /** What is to be done; within a queue it is there once. */
    key: text('key').notNull(),
    site: site(),
    runAt: instant('run_at').notNull(),
    attempt: integer('attempt').notNull().default(0),
    /** By the clock of the database: until then a server instance is at it. */
    leasedUntil: instant('leased_until'),
    lastError: text('last_error'),
    /** It was given up. */
    deadAt: instant('dead_at'),
  },
  (t) => [
    // What is there already is not added again.
    uniqueIndex('jobs_key').on(t.queue, t.key),
    // What is due next.
    index('jobs_due')
      .on(t.queue, t.runAt)
      .where(sql`dead_at is null`),
  ],
)

/** Where a site wants to be told of what happens. */
export const webhooks = pgTable(
  'webhooks',
  {
    site: siteOf(),
    id: text('id').notNull(),
    name: text('name').notNull(),
    url: text('url').notNull(),
    events: text('events').array().$type<WebhookEvent[]>().notNull(),
    enabled: boolean('enabled').notNull().default(true),
    /** As it is shown once: it signs, so it cannot be stored as a hash. */
    secret: text('secret').notNull(),
    /** The secret of before signs as well until then. */
    previousSecret: text('previous_secret'),
    previousUntil: instant('previous_until'),
    createdAt: instant('created_at').notNull(),
    /** Every attempt since then has failed. Null: the last one has not. */
    failingSince: instant('failing_since'),
    /** It was switched off because it kept failing. */
    disabledAt: instant('disabled_at'),
  },
  (t) => [primaryKey({ columns: [t.site, t.id] })],
)

/** What was to be told to a webhook, and how that went. */
export const webhookDeliveries = pgTable(
  'webhook_deliveries',
  {
    site: site(),
    /** Names the message to its receiver, who may get it twice. */
    id: text('id').notNull(),
    webhookId: text('webhook_id').notNull(),
    /** What it is about; a webhook is told of it once. */
    subject: text('subject').notNull(),
    type: text('type').$type<WebhookDelivery['type']>().notNull(),
    body: text('body').notNull(),
    createdAt: instant('created_at').notNull(),
    /** `pending`, `delivered` or `failed`. */
    state: text('state').$type<WebhookDelivery['state']>().notNull().default('pending'),
    attemptCount: integer('attempt_count').notNull().default(0),
    lastAttemptAt: instant('last_attempt_at'),
    nextAttemptAt: instant('next_attempt_at'),
    /** HTTP status of the last answer. Null: there was none. */
    lastStatus: integer('last_status'),
    lastError: text('last_error'),
  },
  (t) => [
    primaryKey({ columns: [t.site, t.id] }),
    // They go with their webhook.
    foreignKey({ columns: [t.site, t.webhookId], foreignColumns: [webhooks.site, webhooks.id] }).onDelete('cascade'),
    // A webhook is told of something once.
    uniqueIndex('webhook_deliveries_once').on(t.site, t.webhookId, t.subject),
    // The newest of a webhook.
    index('webhook_deliveries_created').on(t.site, t.webhookId, t.createdAt, t.id),
  ],
)
