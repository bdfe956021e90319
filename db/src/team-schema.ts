import type { ChannelPreference, QuietHours } from '@stagewatch/shared/contract/profile.ts'
import type { AbsenceKind } from '@stagewatch/shared/domain/presence.ts'
import { boolean, foreignKey, index, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { memberships, users } from './people-schema.ts'
import { instant, now, site } from './schema-columns.ts'
import { siteOf } from './schema.ts'

/**
 * The departments that a site manages. Events may use any text for a department; a row defines which texts belong to
 * it.
 */
export const departments = pgTable(
  'departments',
  {
    site: siteOf(),
    /** As events name it. It never changes, so neither do figures or permissions. */
    key: text('key').notNull(),
    /** A LocalText. */
    name: jsonb('name').$type<Readonly<Record<string, string>>>().notNull(),
    /** Other texts by which events name it. Each text belongs to only one department. */
    aliases: text('aliases').array().$type<readonly string[]>().notNull(),
    /** Only effective while the person belongs to the site. */
    leadId: text('lead_id').references(() => users.id, { onDelete: 'set null' }),
    archivedAt: instant('archived_at'),
    updatedAt: instant('updated_at').notNull().default(now),
  },
  (t) => [primaryKey({ columns: [t.site, t.key] })],
)

/** A person at a site; the row is deleted with their membership. */
const member = () => ({ site: site(), userId: text('user_id').notNull() })

/** Skills and working calendar of people at a site. */
export const memberSettings = pgTable(
  'member_settings',
  {
    ...member(),
    /** Keys of skills of the site. */
    skills: text('skills').array().$type<readonly string[]>().notNull(),
    /** Code of a calendar. Null: that of the department, else that of the site. */
    calendar: text('calendar'),
  },
  (t) => [
    primaryKey({ columns: [t.site, t.userId] }),
    foreignKey({ columns: [t.site, t.userId], foreignColumns: [memberships.site, memberships.userId] }).onDelete(
      'cascade',
    ),
  ],
)

/** Orders whose events a person is notified of; deleted when the order ends. */
export const orderFollows = pgTable(
  'order_follows',
  {
    ...member(),
    orderId: text('order_id').notNull(),
    since: instant('since').notNull().default(now),
  },
  (t) => [
    primaryKey({ columns: [t.site, t.orderId, t.userId] }),
    foreignKey({ columns: [t.site, t.userId], foreignColumns: [memberships.site, memberships.userId] }).onDelete(
      'cascade',
    ),
    // The orders of a person.
    index('order_follows_person').on(t.site, t.userId),
  ],
)

/** Absences of people. */
export const absences = pgTable(
  'absences',
  {
    ...member(),
    id: text('id').notNull(),
    /** First and last day, `YYYY-MM-DD`, in the person's time zone. */
    from: text('from_date').notNull(),
    to: text('to_date').notNull(),
    /** `HH:MM`. Null: from the start of the first day, to the end of the last one. */
    fromTime: text('from_time'),
    toTime: text('to_time'),
    kind: text('kind').$type<AbsenceKind>().notNull(),
    /** The deputy; only effective while they belong to the site. */
    deputyId: text('deputy_id').references(() => users.id, { onDelete: 'set null' }),
    updatedAt: instant('updated_at').notNull().default(now),
  },
  (t) => [
    primaryKey({ columns: [t.site, t.id] }),
    foreignKey({ columns: [t.site, t.userId], foreignColumns: [memberships.site, memberships.userId] }).onDelete(
      'cascade',
    ),
    // For current and future absences.
    index('absences_member').on(t.site, t.userId, t.to),
  ],
)

/** Profile settings of people, for all sites. */
export const userProfiles = pgTable('user_profiles', {
  userId: text('user_id')
    .primaryKey()
    .references(() => users.id, { onDelete: 'cascade' }),
  /** Null: the browser's. */
  language: text('language'),
  /** IANA name. Null: the browser's. */
  timeZone: text('time_zone'),
  /** In order of preference. */
  channels: jsonb('channels').$type<readonly ChannelPreference[]>().notNull(),
  /** Null: none. */
  quietHours: jsonb('quiet_hours').$type<QuietHours>(),
  /** Whether the person receives a list of their due orders each working morning. */
  dueList: boolean('due_list').notNull().default(true),
  updatedAt: instant('updated_at').notNull().default(now),
})
