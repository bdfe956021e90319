import type { Role } from '@stagewatch/shared/domain/access/role.ts'
import { boolean, index, integer, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { authInstant, instant, now } from './schema-columns.ts'
import { siteOf } from './schema.ts'

/** What the installation remembers of itself: the secret of sessions when none is configured, the hash of the setup link. */
export const settings = pgTable('settings', {
  name: text('name').primaryKey(),
  value: text('value').notNull(),
  updatedAt: instant('updated_at').notNull().default(now),
})

/** People, of all sites: who somebody is does not depend on where they work. */
export const users = pgTable(
  'users',
  {
    id: text('id').primaryKey(),
    name: text('name').notNull(),
    /** In lower case. */
    email: text('email').notNull(),
    /** Its owner has followed a link that was mailed there, or the single sign-on provider has verified it. */
    emailVerified: boolean('email_verified').notNull().default(false),
    image: text('image'),
    twoFactorEnabled: boolean('two_factor_enabled').notNull().default(false),
    /** Belongs to the sample: has no password, and never to a real site. */
    fictional: boolean('fictional').notNull().default(false),
    lastSeenAt: instant('last_seen_at'),
    /** Nobody signs in to the account since then. Null: it is enabled. */
    disabledAt: instant('disabled_at'),
    createdAt: authInstant('created_at').notNull().default(now),
    updatedAt: authInstant('updated_at').notNull().default(now),
  },
  (t) => [
    // Finds who signs in, is invited, or has changed something.
    uniqueIndex('users_email').on(t.email),
  ],
)

/** The person whose row it is, and who takes it with them. Whoever is invited is a member before they have an account. */
const userOf = () =>
  text('user_id')
    .notNull()
    .references(() => users.id, { onDelete: 'cascade' })

export const userSessions = pgTable(
  'user_sessions',
  {
    id: text('id').primaryKey(),
    userId: userOf(),
    token: text('token').notNull(),
    /** The latest end, however much it is used. */
    expiresAt: authInstant('expires_at').notNull(),
    ipAddress: text('ip_address'),
    userAgent: text('user_agent'),
    /** When its owner last proved with a password or a second factor who they are. */
    authenticatedAt: instant('authenticated_at').notNull().default(now),
    createdAt: authInstant('created_at').notNull().default(now),
    /** Last use, to within five minutes. */
    updatedAt: authInstant('updated_at').notNull().default(now),
  },
  (t) => [
    // Looks a caller up by what its cookie holds.
    uniqueIndex('user_sessions_token').on(t.token),
    // Lists and ends the sessions of a person.
    index('user_sessions_user').on(t.userId),
  ],
)

/** How a person signs in: the hash of a password (`credential`), or an account of the single sign-on provider. */
export const userAccounts = pgTable(
  'user_accounts',
  {
    id: text('id').primaryKey(),
    userId: userOf(),
    providerId: text('provider_id').notNull(),
    accountId: text('account_id').notNull(),
    accessToken: text('access_token'),
    refreshToken: text('refresh_token'),
    idToken: text('id_token'),
    accessTokenExpiresAt: authInstant('access_token_expires_at'),
    refreshTokenExpiresAt: authInstant('refresh_token_expires_at'),
    scope: text('scope'),
    password: text('password'),
    createdAt: authInstant('created_at').notNull().default(now),
    updatedAt: authInstant('updated_at').notNull().default(now),
  },
  (t) => [
    // Finds whoever comes from the provider.
    uniqueIndex('user_accounts_provider').on(t.providerId, t.accountId),
    // The ways in which a person signs in.
    index('user_accounts_user').on(t.userId),
  ],
)

/** Links and challenges that are waiting to be used: password resets, second factors, single sign-on. */
export const userVerifications = pgTable(
  'user_verifications',
  {
    id: text('id').primaryKey(),
    identifier: text('identifier').notNull(),
    value: text('value').notNull(),
    expiresAt: authInstant('expires_at').notNull(),
    createdAt: authInstant('created_at').notNull().default(now),
    updatedAt: authInstant('updated_at').notNull().default(now),
  },
  (t) => [
    // Finds a link or a challenge by what is shown of it.
    index('user_verifications_identifier').on(t.identifier),
  ],
)

/** Secrets of second factors, encrypted with the secret of sessions. */
export const twoFactors = pgTable(
  'two_factors',
  {
    id: text('id').primaryKey(),
    userId: userOf(),
    secret: text('secret').notNull(),
    backupCodes: text('backup_codes').notNull(),
    verified: boolean('verified').notNull().default(true),
    failedVerificationCount: integer('failed_verification_count').notNull().default(0),
    lockedUntil: authInstant('locked_until'),
  },
  (t) => [
    // The second factor of whoever signs in.
    uniqueIndex('two_factors_user').on(t.userId),
  ],
)

/** What somebody may do at a site. */
export const memberships = pgTable(
  'memberships',
  {
    site: siteOf(),
    userId: userOf(),
    role: text('role').$type<Role>().notNull(),
    /** Null: all. */
    departments: text('departments').array().$type<readonly string[]>(),
    createdAt: instant('created_at').notNull().default(now),
  },
  (t) => [
    primaryKey({ columns: [t.site, t.userId] }),
    // Where a person may go.
    index('memberships_user').on(t.userId),
  ],
)

export const invitations = pgTable(
  'invitations',
  {
    site: siteOf(),
    id: text('id').notNull(),
    /** In lower case. */
    email: text('email').notNull(),
    role: text('role').$type<Role>().notNull(),
    /** Null: all. */
    departments: text('departments').array().$type<readonly string[]>(),
    /** SHA-256 of the token in the link that the inviter is shown, in hex. */
    hash: text('hash').notNull(),
    /** The same of the link that is mailed, which proves the address. Null: there was no mail. */
    mailedHash: text('mailed_hash'),
    invitedBy: text('invited_by').notNull(),
    createdAt: instant('created_at').notNull().default(now),
    expiresAt: instant('expires_at').notNull(),
    acceptedAt: instant('accepted_at'),
  },
  (t) => [
    primaryKey({ columns: [t.site, t.id] }),
    // Looks an invitation up by its link.
    uniqueIndex('invitations_hash').on(t.hash),
    // The same by the link that was mailed.
    uniqueIndex('invitations_mailed_hash').on(t.mailedHash),
    // Whether somebody who signs in for the first time is expected.
    index('invitations_email').on(t.email),
  ],
)

/** Questions of pages under a name. */
export const savedViews = pgTable(
  'saved_views',
  {
    site: siteOf(),
    id: text('id').notNull(),
    ownerId: text('owner_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    page: text('page').$type<'overview' | 'orders'>().notNull(),
    name: text('name').notNull(),
    /** What stands behind the question mark in the address of the page. */
    search: text('search').notNull(),
    shared: boolean('shared').notNull(),
    /** Those that the owner saw when it was saved. Null: all. */
    departments: text('departments').array().$type<readonly string[]>(),
    createdAt: instant('created_at').notNull().default(now),
  },
  // One reads all of a site that are one's own or shared.
  (t) => [primaryKey({ columns: [t.site, t.id] })],
)

/** How often something was tried that may be tried only so often, for all server instances together. */
export const attempts = pgTable(
  'attempts',
  {
    /** SHA-256 in hex of what is limited and of whom it is counted for. */
    key: text('key').primaryKey(),
    count: integer('count').notNull(),
    /** Refused until then. */
    blockedUntil: instant('blocked_until').notNull(),
    /** Forgotten then. */
    expiresAt: instant('expires_at').notNull(),
  },
  (t) => [
    // Expired rows are deleted, and the oldest ones when there are too many.
    index('attempts_expires').on(t.expiresAt),
  ],
)

/** Codes of second factors that were accepted, so that none is accepted twice. */
export const usedCodes = pgTable('used_codes', {
  /** SHA-256 of the person and the code in hex. */
  hash: text('hash').primaryKey(),
  expiresAt: instant('expires_at').notNull(),
})
