import type { ChannelKind } from '@stagewatch/shared/contract/channels.ts'
import type { MessageAttempt, MessageState } from '@stagewatch/shared/contract/message-log.ts'
import type { ChannelMessage } from '@stagewatch/shared/contract/messages.ts'
import { sql } from 'drizzle-orm'
import { boolean, index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { users } from './people-schema.ts'
import { instant } from './schema-columns.ts'
import { siteOf } from './schema.ts'

/** Channels by which a site reaches people. */
export const channels = pgTable(
  'channels',
  {
    site: siteOf(),
    id: text('id').notNull(),
    kind: text('kind').$type<ChannelKind>().notNull(),
    name: text('name').notNull(),
    enabled: boolean('enabled').notNull().default(true),
    settings: jsonb('settings').$type<Readonly<Record<string, string | number>>>().notNull(),
    /** The secret fields as JSON, encrypted with a key that is not in the database. */
    sealed: text('sealed').notNull(),
    createdAt: instant('created_at').notNull(),
    /** Every attempt since then has failed. Null: the last one succeeded. */
    failingSince: instant('failing_since'),
    /** The last attempt since the channel was saved. Null: none yet. */
    triedAt: instant('tried_at'),
  },
  (t) => [primaryKey({ columns: [t.site, t.id] })],
)

/** Usage of a channel, shared by all server instances. Locking its row serializes the use of the channel. */
export const channelBudgets = pgTable(
  'channel_budgets',
  {
    site: siteOf(),
    channelId: text('channel_id').notNull(),
    /** Times of the last uses, epoch ms, oldest first; limited to what the budget needs. */
    usedAt: jsonb('used_at').$type<readonly number[]>().notNull().default([]),
    /** The provider accepts no messages until then. Null: it is not blocked. */
    blockedUntil: instant('blocked_until'),
  },
  (t) => [primaryKey({ columns: [t.site, t.channelId] })],
)

/** Alternative route for a message that cannot be delivered. */
export interface MessageRoute {
  readonly channel: string
  readonly to: string
}

/** Condition of an index of messages: a query that states it can use the index. */
export const isWaiting = sql`state in ('queued', 'retried', 'sending')`

/** Messages, with the state of their delivery. */
export const messages = pgTable(
  'messages',
  {
    site: siteOf(),
    id: text('id').notNull(),
    /** Id of a channel, or `inbox` or `push`, which every site has. */
    channelId: text('channel_id').notNull(),
    /** Address, number or account; empty if the channel has a fixed destination. */
    recipient: text('recipient').notNull(),
    /** Each channel sends a message with the same key to a recipient only once. */
    dedupeKey: text('dedupe_key').notNull(),
    message: jsonb('message').$type<ChannelMessage>().notNull(),
    /** 0 is the most urgent. */
    priority: integer('priority').notNull(),
    state: text('state').$type<MessageState>().notNull(),
    /** The remaining routes if this one fails. */
    fallbacks: jsonb('fallbacks').$type<readonly MessageRoute[]>().notNull().default([]),
    /** The message that could not be delivered and that this one replaces. */
    fallbackOf: text('fallback_of'),
    createdAt: instant('created_at').notNull(),
    /** Start of the attempts, or of the last retry that somebody requested. */
    queuedAt: instant('queued_at').notNull(),
    nextAttemptAt: instant('next_attempt_at'),
    /**
     * Number of times it was claimed: the result of an attempt is recorded only if nobody has claimed the message
     * since.
     */
    claim: integer('claim').notNull().default(0),
    /** Failed attempts since `queued_at`. */
    failureCount: integer('failure_count').notNull().default(0),
    /** By the clock of the database: a server instance is sending it until then. */
    sendingUntil: instant('sending_until'),
    attempts: jsonb('attempts').$type<readonly MessageAttempt[]>().notNull().default([]),
    providerId: text('provider_id'),
    /** For a message in the message centre. Null: unread. */
    readAt: instant('read_at'),
  },
  (t) => [
    primaryKey({ columns: [t.site, t.id] }),
    // A recipient gets the same message only once.
    uniqueIndex('messages_once').on(t.site, t.channelId, t.recipient, t.dedupeKey),
    // For the next due message of each priority.
    index('messages_due').on(t.site, t.channelId, t.recipient, t.priority, t.nextAttemptAt).where(isWaiting),
    // For the delivery log.
    index('messages_created').on(t.site, t.createdAt, t.id),
    // For message centres.
    index('messages_inbox')
      .on(t.site, t.recipient, t.createdAt)
      .where(sql`channel_id = 'inbox'`),
  ],
)

/** Browsers subscribed to push notifications. */
export const pushSubscriptions = pgTable(
  'push_subscriptions',
  {
    id: text('id').primaryKey(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    endpoint: text('endpoint').notNull(),
    /** The keys of the browser, encrypted like the secrets of channels. */
    sealed: text('sealed').notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (t) => [
    // A browser may subscribe again.
    uniqueIndex('push_subscriptions_endpoint').on(t.endpoint),
    // For the subscriptions of a person.
    index('push_subscriptions_user').on(t.userId),
  ],
)
