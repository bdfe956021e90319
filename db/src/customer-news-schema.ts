import type { CustomerNewsSettings, CustomerMailOutcome } from '@stagewatch/shared/contract/customer-news.ts'
import type { TextKey } from '@stagewatch/shared/domain/message-template.ts'
import type { Language } from '@stagewatch/shared/domain/locales.ts'
import { sql } from 'drizzle-orm'
import { index, jsonb, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { instant } from './schema-columns.ts'
import { siteOf } from './schema.ts'

/** Which news of their orders a site sends to its customers. No row: none. */
export const customerNews = pgTable(
  'customer_news',
  {
    site: siteOf(),
    settings: jsonb('settings').$type<CustomerNewsSettings>().notNull(),
    /** When it was last switched on; customers receive nothing about earlier events. Null: it is switched off. */
    enabledAt: instant('enabled_at'),
  },
  (t) => [primaryKey({ columns: [t.site] })],
)

/** What became of each piece of news for a customer. */
export const customerMails = pgTable(
  'customer_mails',
  {
    site: siteOf(),
    orderId: text('order_id').notNull(),
    /**
     * `placed`, `held`, `completed`, `cancelled`, or `entered:` and the code of a stage. `digest:`, the hash of the
     * address and an instant: a mail about several orders, whose `orderId` is empty. `again:`, the id of a message and an
     * instant: another sending of that message, also without `orderId`.
     */
    news: text('news').notNull(),
    at: instant('at').notNull(),
    outcome: text('outcome').$type<CustomerMailOutcome>().notNull(),
    /** Hash of the address, see `addressHash`. Null: the order names no valid address. */
    addressHash: text('address_hash'),
    /** The start of a text that is not an address. Null: it is one, or there is none. */
    invalidAddress: text('invalid_address'),
    /** Null: no message was stored. */
    messageId: text('message_id'),
    /** Hash of the token in the link that stops the mails, see `tokenHash`. Null: no mail was sent. */
    tokenHash: text('token_hash'),
    /** Source and id of the event, while the news waits for the digest of the address. Null: it does not wait. */
    eventSource: text('event_source'),
    eventId: text('event_id'),
  },
  (t) => [
    // A customer receives each piece of news about an order at most once.
    primaryKey({ columns: [t.site, t.orderId, t.news] }),
    uniqueIndex('customer_mails_token')
      .on(t.tokenHash)
      .where(sql`token_hash is not null`),
    // The mails to an address within the last day.
    index('customer_mails_address').on(t.site, t.addressHash, t.at),
    // The news that waits for the digest of an address.
    index('customer_mails_waiting')
      .on(t.site, t.addressHash)
      .where(sql`event_id is not null`),
    // The newest outcomes of a site.
    index('customer_mails_at').on(t.site, t.at),
  ],
)

/** Addresses to which a site must not send news any more. Only hashes are stored. */
export const customerOptOuts = pgTable(
  'customer_opt_outs',
  {
    site: siteOf(),
    addressHash: text('address_hash').notNull(),
    at: instant('at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.site, t.addressHash] })],
)

/** Texts of messages that a site has changed. No row: the text of the product. */
export const messageTexts = pgTable(
  'message_texts',
  {
    site: siteOf(),
    key: text('key').$type<TextKey>().notNull(),
    language: text('language').$type<Language>().notNull(),
    /** With placeholders, see `parseTemplate`. */
    title: text('title').notNull(),
    body: text('body').notNull(),
  },
  (t) => [primaryKey({ columns: [t.site, t.key, t.language] })],
)
