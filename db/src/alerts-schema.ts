import type { AlertLogKind } from '@stagewatch/shared/contract/alerts.ts'
import type { AlertHandOver } from '@stagewatch/shared/domain/alerts/alert-ladder.ts'
import type { AlertRule } from '@stagewatch/shared/domain/alerts/alert-rule.ts'
import type { Severity } from '@stagewatch/shared/domain/alerts/alert-rule.ts'
import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core'
import { instant, site } from './schema-columns.ts'
import { siteOf } from './schema.ts'

/** Alert rules of a site. */
export const alertRules = pgTable(
  'alert_rules',
  {
    site: siteOf(),
    id: text('id').notNull(),
    name: text('name').notNull(),
    /** A LocalText that contains `name`. Null: somebody typed the name. Ignored if the name has been changed since. */
    names: jsonb('names').$type<Readonly<Record<string, string>>>(),
    severity: text('severity').$type<Severity>().notNull(),
    enabled: boolean('enabled').notNull(),
    condition: jsonb('condition').$type<AlertRule['condition']>().notNull(),
    scope: jsonb('scope').$type<AlertRule['scope']>().notNull(),
    ladder: jsonb('ladder').$type<AlertRule['ladder']>().notNull(),
    acknowledgedForMs: bigint('acknowledged_for_ms', { mode: 'number' }).notNull(),
    mergeMs: bigint('merge_ms', { mode: 'number' }).notNull(),
    /** Whether a task is made of what it warns of. */
    makesTask: boolean('makes_task').notNull().default(false),
    createdAt: instant('created_at').notNull(),
    /** Nobody is notified of conditions that held before. */
    activeFrom: instant('active_from').notNull(),
  },
  (t) => [primaryKey({ columns: [t.site, t.id] })],
)

/** Alerts raised by rules, with the progress of their notifications; see `LadderState`. */
export const alerts = pgTable(
  'alerts',
  {
    site: site(),
    id: bigint('id', { mode: 'number' }).notNull().generatedAlwaysAsIdentity(),
    ruleId: text('rule_id').notNull(),
    /** Empty for alerts about a source. */
    process: text('process').notNull().default(''),
    /** Empty for alerts that are not about a single order. */
    orderId: text('order_id').notNull().default(''),
    /** Empty for alerts about the whole process. */
    stage: text('stage').notNull().default(''),
    /** `nth` of the order's visit of the stage, from 1; 0: none. */
    nth: integer('nth').notNull().default(0),
    /** Code of the source for alerts about one; otherwise empty. */
    source: text('source').notNull().default(''),
    beganAt: instant('began_at').notNull(),
    notedAt: instant('noted_at').notNull(),
    /** Null: it has not ended. */
    endedAt: instant('ended_at'),
    /** The condition began before the rule was enabled, or came with an import: nobody is notified. */
    isSilent: boolean('is_silent').notNull().default(false),
    /** The last evaluation had nothing to measure. */
    isUnknown: boolean('is_unknown').notNull().default(false),
    countsFrom: instant('counts_from').notNull(),
    skippedMs: bigint('skipped_ms', { mode: 'number' }).notNull().default(0),
    stepsDone: integer('steps_done').notNull().default(0),
    round: integer('round').notNull().default(1),
    acknowledgedAt: instant('acknowledged_at'),
    acknowledgedUntil: instant('acknowledged_until'),
    acknowledgedBy: text('acknowledged_by'),
    snoozedUntil: instant('snoozed_until'),
    /** The pending hand-over. */
    handOver: jsonb('hand_over').$type<AlertHandOver>(),
    handOverCount: integer('hand_over_count').notNull().default(0),
    /** Incremented with each change; a job added for an earlier revision does nothing. */
    revision: integer('revision').notNull().default(0),
    /** When the next job is due. Null: there is none. */
    nextAt: instant('next_at'),
  },
  (t) => [
    primaryKey({ columns: [t.site, t.id] }),
    // Deleted together with their rule.
    foreignKey({ columns: [t.site, t.ruleId], foreignColumns: [alertRules.site, alertRules.id] }).onDelete('cascade'),
    // Several instances may detect the same start; it is recorded once.
    uniqueIndex('alerts_once').on(t.site, t.ruleId, t.orderId, t.process, t.stage, t.nth, t.source, t.beganAt),
    // A rule has at most one open alert for the same subject.
    uniqueIndex('alerts_open')
      .on(t.site, t.ruleId, t.orderId, t.process, t.stage, t.nth, t.source)
      .where(sql`ended_at is null`),
    // For the lists of open and of ended alerts, newest first.
    index('alerts_list').on(t.site, t.beganAt, t.id),
    // For the page of an order, and for alerts that an event of it ends.
    index('alerts_order')
      .on(t.site, t.orderId)
      .where(sql`order_id <> ''`),
  ],
)

/** Pending and sent notifications of an alert, by recipient. */
export const alertNotices = pgTable(
  'alert_notices',
  {
    site: site(),
    id: bigint('id', { mode: 'number' }).notNull().generatedAlwaysAsIdentity(),
    alertId: bigint('alert_id', { mode: 'number' }).notNull(),
    /** `person:` or `channel:` and its id. */
    receiver: text('receiver').notNull(),
    round: integer('round').notNull(),
    step: integer('step').notNull(),
    createdAt: instant('created_at').notNull(),
    /** The earliest time of a message about it. */
    dueAt: instant('due_at').notNull(),
    /** `over`: the alert had ended before anybody was notified. */
    state: text('state').$type<'waiting' | 'told' | 'over'>().notNull().default('waiting'),
    toldAt: instant('told_at'),
    /** Shared by all notices that were sent in one message. */
    messageKey: text('message_key'),
  },
  (t) => [
    primaryKey({ columns: [t.site, t.id] }),
    foreignKey({ columns: [t.site, t.alertId], foreignColumns: [alerts.site, alerts.id] }).onDelete('cascade'),
    // A recipient is notified of the same step only once.
    uniqueIndex('alert_notices_once').on(t.site, t.alertId, t.receiver, t.round, t.step),
    // For the pending notices of a recipient.
    index('alert_notices_waiting')
      .on(t.site, t.receiver)
      .where(sql`state = 'waiting'`),
    // For the number of messages sent to a recipient within an hour.
    index('alert_notices_told')
      .on(t.site, t.receiver, t.toldAt)
      .where(sql`state = 'told'`),
  ],
)

/** History of alerts; append-only. */
export const alertLog = pgTable(
  'alert_log',
  {
    site: site(),
    id: bigint('id', { mode: 'number' }).notNull().generatedAlwaysAsIdentity(),
    alertId: bigint('alert_id', { mode: 'number' }).notNull(),
    at: instant('at').notNull(),
    kind: text('kind').$type<AlertLogKind>().notNull(),
    /** Who did it. Null: the server. */
    by: text('by'),
    /** Names of the notified people, or of the colleague of a hand-over. Null: the entry is about nobody else. */
    recipients: text('recipients').array().$type<readonly string[]>(),
    until: instant('until'),
    /** Why a hand-over was declined. */
    text: text('text'),
  },
  (t) => [
    primaryKey({ columns: [t.site, t.id] }),
    foreignKey({ columns: [t.site, t.alertId], foreignColumns: [alerts.site, alerts.id] }).onDelete('cascade'),
    // For the history of one alert, in order.
    index('alert_log_alert').on(t.site, t.alertId, t.id),
  ],
)
