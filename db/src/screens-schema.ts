import type { ScreenReport, ScreenSettings } from '@stagewatch/shared/contract/screen.ts'
import { index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { instant } from './schema-columns.ts'
import { siteOf } from './schema.ts'

/** Screens on walls, each with a token of its own. */
export const screens = pgTable(
  'screens',
  {
    site: siteOf(),
    id: text('id').notNull(),
    name: text('name').notNull(),
    /** ScreenSettings; the departments in it are all that the screen may show. */
    settings: jsonb('settings').$type<ScreenSettings>().notNull(),
    /** SHA-256 of the token in hex. Null: the screen has not fetched it yet. */
    tokenHash: text('token_hash'),
    tokenIssuedAt: instant('token_issued_at'),
    /** When it used its token for the first time; null: nobody knows yet whether it has got it. */
    confirmedAt: instant('confirmed_at'),
    /** Of the token that takes its place once it has been used. */
    nextTokenHash: text('next_token_hash'),
    nextTokenIssuedAt: instant('next_token_issued_at'),
    approvedBy: text('approved_by').notNull(),
    pairedAt: instant('paired_at').notNull(),
    revokedAt: instant('revoked_at'),
    /** Goes up with each change of name, settings or rights: servers hold it against what they have told the screen. */
    version: integer('version').notNull().default(0),
    /** How often somebody has had it show its name, and load itself again. */
    identifyCount: integer('identify_count').notNull().default(0),
    reloadCount: integer('reload_count').notNull().default(0),
    lastSeenAt: instant('last_seen_at'),
    address: text('address'),
    /** ScreenReport: the last one that was written down. */
    report: jsonb('report').$type<ScreenReport>(),
  },
  (t) => [
    primaryKey({ columns: [t.site, t.id] }),
    // Looks a screen up by what it sent.
    uniqueIndex('screens_token').on(t.tokenHash),
    // The same by the token that it has not used yet.
    uniqueIndex('screens_next_token').on(t.nextTokenHash),
  ],
)

/** Screens that ask to be let in (RFC 8628). They belong to no site before somebody approves them for one. */
export const screenPairings = pgTable(
  'screen_pairings',
  {
    /** SHA-256 of the secret that the screen polls with, in hex. */
    deviceHash: text('device_hash').primaryKey(),
    userCode: text('user_code').notNull(),
    address: text('address').notNull(),
    /** What it says it is: its user agent. */
    device: text('device').notNull(),
    askedAt: instant('asked_at').notNull(),
    expiresAt: instant('expires_at').notNull(),
    polledAt: instant('polled_at'),
    /** How long it has to wait between two polls. */
    intervalS: integer('interval_s').notNull(),
    /** pending, approved, denied, or done: the token has been fetched. */
    state: text('state').$type<'pending' | 'approved' | 'denied' | 'done'>().notNull(),
    /** The screen that it became. */
    site: text('site'),
    screenId: text('screen_id'),
  },
  (t) => [
    // Finds what somebody typed.
    uniqueIndex('screen_pairings_user_code').on(t.userCode),
    // Old ones are swept away.
    index('screen_pairings_expires').on(t.expiresAt),
  ],
)
