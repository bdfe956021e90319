import { boolean, index, integer, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { instant, site } from './columns.ts'

/** What the installation remembers of itself: the secret of sessions when none is configured, the hash of the setup link. */
export const settings = pgTable('settings', {
  name: text('name').primaryKey(),
  value: text('value').notNull(),
  updatedAt: instant('updated_at').notNull().defaultNow(),
})

/** People, of all sites: who somebody is does not depend on where they work. */
export const users = pgTable(
  'users',
  {
    id: text('id').primaryKey(),
    name: text('name').notNull(),
    /** In lower case. */
    email: text('email').notNull(),
    emailVerified: boolean('email_verified').notNull().default(false),
    image: text('image'),
    twoFactorEnabled: boolean('two_factor_enabled').notNull().default(false),
    /** Belongs to the sample: has no password, and never to a real site. */
    fictional: boolean('fictional').notNull().default(false),
    lastSeenAt: instant('last_seen_at'),
    createdAt: instant('created_at').notNull().defaultNow(),
    updatedAt: instant('updated_at').notNull().defaultNow(),
  },
  (t) => [uniqueIndex('users_email').on(t.email)],
)

export const userSessions = pgTable(
  'user_sessions',
  {
    id: text('id').primaryKey(),
    userId: text('user_id').notNull(),
    token: text('token').notNull(),
    /** The latest end, however much it is used. */
    expiresAt: instant('expires_at').notNull(),
    ipAddress: text('ip_address'),
    userAgent: text('user_agent'),
    createdAt: instant('created_at').notNull().defaultNow(),
    /** Last use, to within five minutes. */
    updatedAt: instant('updated_at').notNull().defaultNow(),
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
    userId: text('user_id').notNull(),
    providerId: text('provider_id').notNull(),
    accountId: text('account_id').notNull(),
    accessToken: text('access_token'),
    refreshToken: text('refresh_token'),
    idToken: text('id_token'),
    accessTokenExpiresAt: instant('access_token_expires_at'),
    refreshTokenExpiresAt: instant('refresh_token_expires_at'),
    scope: text('scope'),
    password: text('password'),
    createdAt: instant('created_at').notNull().defaultNow(),
    updatedAt: instant('updated_at').notNull().defaultNow(),
  },
  (t) => [
    uniqueIndex('user_accounts_provider').on(t.providerId, t.accountId),
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
    expiresAt: instant('expires_at').notNull(),
    createdAt: instant('created_at').notNull().defaultNow(),
    updatedAt: instant('updated_at').notNull().defaultNow(),
  },
  (t) => [index('user_verifications_identifier').on(t.identifier)],
)

/** Secrets of second factors, encrypted with the secret of sessions. */
export const twoFactors = pgTable(
  'two_factors',
  {
    id: text('id').primaryKey(),
    userId: text('user_id').notNull(),
    secret: text('secret').notNull(),
    backupCodes: text('backup_codes').notNull(),
    verified: boolean('verified').notNull().default(true),
    failedVerificationCount: integer('failed_verification_count').notNull().default(0),
    lockedUntil: instant('locked_until'),
  },
  (t) => [uniqueIndex('two_factors_user').on(t.userId)],
)

/** What somebody may do at a site. */
export const memberships = pgTable(
  'memberships',
  {
    site: site(),
    userId: text('user_id').notNull(),
    role: text('role').notNull(),
    /** Null: all. */
    departments: text('departments').array(),
    createdAt: instant('created_at').notNull().defaultNow(),
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
    site: site(),
    id: text('id').notNull(),
    /** In lower case. */
    email: text('email').notNull(),
    role: text('role').notNull(),
    /** Null: all. */
    departments: text('departments').array(),
    /** SHA-256 of the token of its link in hex. */
    hash: text('hash').notNull(),
    invitedBy: text('invited_by').notNull(),
    createdAt: instant('created_at').notNull().defaultNow(),
    expiresAt: instant('expires_at').notNull(),
    acceptedAt: instant('accepted_at'),
  },
  (t) => [
    primaryKey({ columns: [t.site, t.id] }),
    // Looks an invitation up by its link.
    uniqueIndex('invitations_hash').on(t.hash),
    // Whether somebody who signs in for the first time is expected.
    index('invitations_email').on(t.email),
  ],
)
