import type { HandoverContent } from '@stagewatch/shared/contract/handover.ts'
import type { ShiftSpan } from '@stagewatch/shared/domain/time/shift-starts.ts'
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
import { users } from './people-schema.ts'
import { instant } from './schema-columns.ts'
import { siteOf } from './schema.ts'

/** Handover settings of a department; a department without a row has no handovers. */
export const handoverSettings = pgTable(
  'handover_settings',
  {
    site: siteOf(),
    department: text('department').notNull(),
    enabled: boolean('enabled').notNull(),
    /** Ids of people; those who have left the site are ignored. */
    leads: text('leads').array().$type<readonly string[]>().notNull(),
    confirmWithinMinutes: integer('confirm_within_minutes').notNull(),
    /** Shifts that ended before this have no handover. */
    enabledAt: instant('enabled_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.site, t.department] })],
)

/** The state of a department at the end of a shift; written once, and confirmed once. */
export const handovers = pgTable(
  'handovers',
  {
    site: siteOf(),
    id: bigint('id', { mode: 'number' }).notNull().generatedAlwaysAsIdentity(),
    department: text('department').notNull(),
    shiftStart: instant('shift_start').notNull(),
    shiftEnd: instant('shift_end').notNull(),
    /** Null: the next shift was unknown. */
    nextStart: instant('next_start'),
    nextEnd: instant('next_end'),
    madeAt: instant('made_at').notNull(),
    content: jsonb('content').$type<HandoverContent>().notNull(),
    missed: jsonb('missed').$type<readonly ShiftSpan[]>().notNull(),
    /** Ids of the leads who were at work when the shift ended, and of those who were notified. */
    fromIds: text('from_ids').array().$type<readonly string[]>().notNull(),
    toldIds: text('told_ids').array().$type<readonly string[]>().notNull(),
    confirmBy: instant('confirm_by').notNull(),
    /** Null: not confirmed yet. */
    confirmedAt: instant('confirmed_at'),
    confirmedBy: text('confirmed_by'),
    remark: text('remark'),
  },
  (t) => [
    primaryKey({ columns: [t.site, t.id] }),
    // Each shift end is handed over once, even if several server instances try.
    uniqueIndex('handovers_once').on(t.site, t.department, t.shiftEnd),
    // The newest handovers of a site.
    index('handovers_list').on(t.site, t.shiftEnd, t.id),
    // Unconfirmed handovers.
    index('handovers_open')
      .on(t.site, t.confirmBy)
      .where(sql`confirmed_at is null`),
  ],
)

/** Notes that people wrote for the next shift. */
export const handoverNotes = pgTable(
  'handover_notes',
  {
    site: siteOf(),
    id: text('id').notNull(),
    department: text('department').notNull(),
    /** Null: the note goes with the next handover of the department. */
    handoverId: bigint('handover_id', { mode: 'number' }),
    at: instant('at').notNull(),
    text: text('text').notNull(),
    /** Null: the account was deleted. */
    authorId: text('author_id').references(() => users.id, { onDelete: 'set null' }),
    authorName: text('author_name').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.site, t.id] }),
    foreignKey({ columns: [t.site, t.handoverId], foreignColumns: [handovers.site, handovers.id] }).onDelete('cascade'),
    // Notes of a handover, and notes that wait for the next one.
    index('handover_notes_of').on(t.site, t.department, t.handoverId, t.at),
  ],
)
