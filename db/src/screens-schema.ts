import type { ScreenReport, ScreenSettings } from '@stagewatch/shared/contract/screen.ts'
import { index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { instant } from './schema-columns.ts'
import { siteOf } from './schema.ts'

/** Paired screens, each with a token of its own. */
export const screens = pgTable(
  'screens',
  {
    site: siteOf(),
    id: text('id').notNull(),
    name: text('name').notNull(),
    /** ScreenSettings; the screen may only show the departments in it. */
    settings: jsonb('settings').$type<ScreenSettings>().notNull(),
    /** SHA-256 of the token, hex. Null: the screen has not fetched it yet. */
    tokenHash: text('token_hash'),
    tokenIssuedAt: instant('token_issued_at'),
    /** When it used its token for the first time. Null: it is unknown whether it has received it. */
    confirmedAt: instant('confirmed_at'),
    /** Hash of the token that replaces the current one, see `ScreenTokens`; until then both are valid. */
    nextTokenHash: text('next_token_hash'),
    nextTokenIssuedAt: instant('next_token_issued_at'),
    approvedBy: text('approved_by').notNull(),
    pairedAt: instant('paired_at').notNull(),
    revokedAt: instant('revoked_at'),
    /**
     * Incremented with each change of name, settings or permissions: servers compare it with the version sent to the
     * screen.
     */
    version: integer('version').notNull().default(0),
    /** Number of requests to show its name, and to reload. */
    identifyCount: integer('identify_count').notNull().default(0),
    reloadCount: integer('reload_count').notNull().default(0),
    lastSeenAt: instant('last_seen_at'),
    address: text('address'),
    /** Browser engine and its major version, such as `Chromium 94`. Null: it is unknown. */
    browser: text('browser'),
    /** ScreenReport: the last one stored. */
    report: jsonb('report').$type<ScreenReport>(),
  },
  (t) => [
    primaryKey({ columns: [t.site, t.id] }),
    // For looking up a screen by its token.
    uniqueIndex('screens_token').on(t.tokenHash),
    // For looking up a screen by its next token.
    uniqueIndex('screens_next_token').on(t.nextTokenHash),
  ],
)

/** Screens that request to be paired (RFC 8628). They belong to no site until somebody approves them for one. */
export const screenPairings = pgTable(
  'screen_pairings',
  {
    /** SHA-256 of the secret with which the screen polls, hex. */
    deviceHash: text('device_hash').primaryKey(),
    userCode: text('user_code').notNull(),
    address: text('address').notNull(),
    /** User agent of the device. */
    device: text('device').notNull(),
    askedAt: instant('asked_at').notNull(),
    expiresAt: instant('expires_at').notNull(),
    polledAt: instant('polled_at'),
    /** Minimum interval between two polls. */
    intervalS: integer('interval_s').notNull(),
    /** pending, approved, denied, or done: the token has been fetched. */
    state: text('state').$type<'pending' | 'approved' | 'denied' | 'done'>().notNull(),
    /** The resulting screen. */
    site: text('site'),
    screenId: text('screen_id'),
  },
  (t) => [
    // For looking up the code that somebody entered.
    uniqueIndex('screen_pairings_user_code').on(t.userCode),
    // For deleting expired rows.
    index('screen_pairings_expires').on(t.expiresAt),
  ],
)
