import type { Role } from '@stagewatch/shared/domain/access/action.ts'
import { boolean, index, integer, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { authInstant, instant, now } from './schema-columns.ts'
import { siteOf } from './schema.ts'

/** Settings of the installation: the session secret if none is configured, and the hash of the setup link. */
export const settings = pgTable('settings', {
  name: text('name').primaryKey(),
  value: text('value').notNull(),
  updatedAt: instant('updated_at').notNull().default(now),
})

/** People, of all sites: an identity does not depend on where somebody works. */
export const users = pgTable(
  'users',
  {
    id: text('id').primaryKey(),
    name: text('name').notNull(),
    /** In lower case. */
    email: text('email').notNull(),
    /** The owner has followed a link that was mailed there, or the single sign-on provider has verified the address. */
    emailVerified: boolean('email_verified').notNull().default(false),
    image: text('image'),
    twoFactorEnabled: boolean('two_factor_enabled').notNull().default(false),
    /** Belongs to the sample: has no password, and must never belong to a real site. */
    fictional: boolean('fictional').notNull().default(false),
    lastSeenAt: instant('last_seen_at'),
    /** Nobody can sign in to the account since then. Null: it is enabled. */
    disabledAt: instant('disabled_at'),
    createdAt: authInstant('created_at').notNull().default(now),
    updatedAt: authInstant('updated_at').notNull().default(now),
  },
  (t) => [
    // For signing in, inviting, and the record of changes.
    uniqueIndex('users_email').on(t.email),
  ],
)

/**
 * The person to whom the row belongs; it is deleted with them. Invited people are members before they have an account.
 */
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
    /** The latest expiry, regardless of use. */
    expiresAt: authInstant('expires_at').notNull(),
    ipAddress: text('ip_address'),
    userAgent: text('user_agent'),
    /** When the owner last authenticated with a password or a second factor. */
    authenticatedAt: instant('authenticated_at').notNull().default(now),
    createdAt: authInstant('created_at').notNull().default(now),
    /** Last use, accurate to five minutes. */
    updatedAt: authInstant('updated_at').notNull().default(now),
  },
  (t) => [
    // For looking up a caller by the session cookie.
    uniqueIndex('user_sessions_token').on(t.token),
    // For listing and ending the sessions of a person.
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
    // For looking up a person who signs in through the provider.
    uniqueIndex('user_accounts_provider').on(t.providerId, t.accountId),
    // For the sign-in methods of a person.
    index('user_accounts_user').on(t.userId),
  ],
)

/** Pending links and challenges: password resets, second factors, single sign-on. */
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
    // For looking up a link or a challenge by its identifier.
    index('user_verifications_identifier').on(t.identifier),
  ],
)

/** Secrets of second factors, encrypted with the session secret. */
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
    // For the second factor of a person who signs in.
    uniqueIndex('two_factors_user').on(t.userId),
  ],
)

/** Roles of people at sites. */
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
    // For the sites that a person may access.
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
    /** SHA-256 of the token in the link that the inviter is shown, hex. */
    hash: text('hash').notNull(),
    /** The same for the mailed link, which proves the address. Null: no e-mail was sent. */
    mailedHash: text('mailed_hash'),
    invitedBy: text('invited_by').notNull(),
    createdAt: instant('created_at').notNull().default(now),
    expiresAt: instant('expires_at').notNull(),
    acceptedAt: instant('accepted_at'),
  },
  (t) => [
    primaryKey({ columns: [t.site, t.id] }),
    // For looking up an invitation by its link.
    uniqueIndex('invitations_hash').on(t.hash),
    // For looking up an invitation by the mailed link.
    uniqueIndex('invitations_mailed_hash').on(t.mailedHash),
    // For checking whether somebody who signs in for the first time was invited.
    index('invitations_email').on(t.email),
  ],
)

/** Named queries of pages. */
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
    /** Query string of the page, without the question mark. */
    search: text('search').notNull(),
    shared: boolean('shared').notNull(),
    /** The departments that the owner could see when it was saved. Null: all. */
    departments: text('departments').array().$type<readonly string[]>(),
    createdAt: instant('created_at').notNull().default(now),
  },
  // Queries read all views of a site that belong to the caller or are shared.
  (t) => [primaryKey({ columns: [t.site, t.id] })],
)

/** Counters of rate-limited attempts, shared by all server instances. */
export const attempts = pgTable(
  'attempts',
  {
    /** SHA-256, hex, of the limited action and of the subject that it is counted for. */
    key: text('key').primaryKey(),
    count: integer('count').notNull(),
    /** Attempts are refused until then. */
    blockedUntil: instant('blocked_until').notNull(),
    /** The row may be deleted after this time. */
    expiresAt: instant('expires_at').notNull(),
  },
  (t) => [
    // For deleting expired rows, and the oldest ones if there are too many.
    index('attempts_expires').on(t.expiresAt),
  ],
)

/** Accepted codes of second factors, so that none is accepted twice. */
export const usedCodes = pgTable('used_codes', {
  /** SHA-256 of the person and the code, hex. */
  hash: text('hash').primaryKey(),
  expiresAt: instant('expires_at').notNull(),
})
